import { breakRequests } from "@zhiyin/client/api";
import type { AgentLive } from "@zhiyin/client/model";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { problemWords } from "../../parts/problem.ts";

type Request = NonNullable<AgentLive["break_request"]>;

/** Who waits for a break beyond a quota, the first in line first; supervisors let them go or not. */
export function BreakRequests() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { can } = useSession();
  const { break_reasons } = useDirectory();
  const agents = useLive((state) => state.agents);
  const waiting = [...agents.values()]
    .flatMap((one): [AgentLive, Request][] => (one.break_request ? [[one, one.break_request]] : []))
    .toSorted((a, b) => a[1].asked_at - b[1].asked_at);
  if (waiting.length === 0) return null;
  const decide = async (act: Promise<void>) => {
    try {
      await act;
    } catch (error) {
      message.error(problemWords(t, error));
    }
  };
  const reason = (key: string | null | undefined) => label(break_reasons.find((one) => one.key === key)?.name) || key;
  return (
    <section aria-label={t("breakRequests.title")} data-testid="break-requests">
      <h2 className="section-head">{t("breakRequests.title")}</h2>
      <ol>
        {waiting.map(([agent, request]) => (
          <li key={request.request} className="row wait-row">
            <span className="grow ellipsis">
              {agent.display_name}
              {request.reason ? ` · ${reason(request.reason)}` : ""}
            </span>
            <Elapsed since={request.asked_at} />
            {can("agent.supervise") ? (
              <>
                <Button size="small" onClick={() => void decide(breakRequests.approve(request.request))}>
                  {t("breakRequests.approve")}
                </Button>
                <Button size="small" onClick={() => void decide(breakRequests.decline(request.request))}>
                  {t("breakRequests.decline")}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
