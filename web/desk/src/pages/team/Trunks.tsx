import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { TrunkState } from "../../parts/TrunkState.tsx";

export function Trunks() {
  const { t } = useTranslation();
  const trunks = useLive((state) => state.trunks);
  if (trunks.size === 0) return null;
  return (
    <section aria-label={t("trunks.title")}>
      <h2 className="section-head">{t("trunks.title")}</h2>
      <ul>
        {[...trunks.values()].map((trunk) => (
          <li key={trunk.key} className="row wait-row">
            <span className="grow ellipsis">{trunk.key}</span>
            <TrunkState trunk={trunk} enabled={trunk.state !== "disabled"} />
            <span className="num meta">{t("team.trunkCalls", { count: trunk.calls })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
