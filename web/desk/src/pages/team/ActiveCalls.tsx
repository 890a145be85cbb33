import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { DIRECTION_ICON } from "../../parts/call/names.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { Icon } from "../../parts/Icon.tsx";

export function ActiveCalls() {
  const { t } = useTranslation();
  const calls = useLive((state) => state.calls);
  const { agents, queues } = useDirectory();
  const rows = [...calls.values()].sort((a, b) => a.started_at - b.started_at);
  return (
    <section aria-label={t("team.activeCalls")}>
      <h2 className="section-head">{t("team.activeCalls")}</h2>
      {rows.length === 0 ? <p className="meta">{t("team.noCalls")}</p> : null}
      <ul>
        {rows.map((call) => (
          <li key={call.call} className="call-row" data-testid="call-row">
            <Icon name={DIRECTION_ICON[call.direction]} size={16} />
            <span className="num ellipsis">{call.remote}</span>
            <span className="ellipsis">{agents.find((one) => one.id === call.agent)?.display_name ?? "–"}</span>
            <span className="ellipsis meta">{label(queues.find((one) => one.id === call.queue)?.name)}</span>
            <span className="meta">{t(call.held ? "call.held" : `interactionState.${call.state}`)}</span>
            <span className="rec-slot">
              {call.recording ? <span className="rec">{t("call.recording")}</span> : null}
            </span>
            <Elapsed since={call.answered_at ?? call.started_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
