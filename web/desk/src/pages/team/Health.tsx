import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { TrunkState } from "../../parts/TrunkState.tsx";

const LOOK = {
  live: ["●", "tone-ok"],
  connecting: ["◌", "tone-warn"],
  lost: ["▲", "tone-alert"],
} as const;

/** Whether what is shown is live, and how the lines to the outside are. */
export function Health() {
  const { t } = useTranslation();
  const trunks = useLive((state) => state.trunks);
  const connection = useLive((state) => state.connection);
  const [mark, tone] = LOOK[connection];
  return (
    <section aria-label={t("team.health")}>
      <h2 className="section-head">{t("team.health")}</h2>
      <ul>
        <li className="row wait-row">
          <span className="grow ellipsis">{t("team.stream")}</span>
          <span className="row" style={{ gap: 6 }}>
            <span className={tone} aria-hidden="true">
              {mark}
            </span>
            {t(`team.streamState.${connection}`)}
          </span>
        </li>
        {[...trunks.values()].map((trunk) => (
          <li key={trunk.key} className="row wait-row" data-testid="trunk-row">
            <span className="grow ellipsis">{trunk.key}</span>
            <TrunkState trunk={trunk} enabled={trunk.state !== "disabled"} />
            <span className="num meta">{t("team.trunkCalls", { count: trunk.calls })}</span>
          </li>
        ))}
      </ul>
      {trunks.size === 0 ? <p className="meta">{t("team.noTrunks")}</p> : null}
    </section>
  );
}
