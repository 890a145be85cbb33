import type { AgentLive } from "@zhiyin/client/model";
import { lazy, Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../app/session.tsx";
import { live, useLive } from "../../live/store.ts";
import { Loading } from "../../parts/Views.tsx";
import { ActiveCalls } from "./ActiveCalls.tsx";
import { AgentGrid } from "./AgentGrid.tsx";
import { BreakRequests } from "./BreakRequests.tsx";
import { Figures } from "./Figures.tsx";
import { Health } from "./Health.tsx";
import { QueueStrip } from "./QueueStrip.tsx";
import { Trend } from "./Trend.tsx";
import { useRosterFilter } from "./useRosterFilter.ts";
import { WaitingCalls } from "./WaitingCalls.tsx";
import "./team.css";

const AgentQueues = lazy(() => import("./AgentQueues.tsx").then((module) => ({ default: module.AgentQueues })));

/** The supervisor's page: who is doing what, who waits and for how long, all of it live. */
export function Component() {
  const { t } = useTranslation();
  const { can } = useSession();
  const connected = useLive((state) => state.connection !== "connecting" || state.agents.size > 0);
  const [filter, setFilter] = useRosterFilter();
  const [queuesOf, setQueuesOf] = useState<{ agent: AgentLive; added?: string } | null>(null);
  const editQueues = useCallback((agent: AgentLive) => setQueuesOf({ agent }), []);
  const dropAgent = (user: string, queue: string) => {
    const agent = live.get().agents.get(user);
    if (agent && can("agent.supervise")) setQueuesOf({ agent, added: queue });
  };
  if (!connected) return <Loading lines={10} />;
  return (
    <div className="page team">
      <h1 className="visually-hidden">{t("nav.team")}</h1>
      <QueueStrip chosen={filter.queue} onChoose={(queue) => setFilter({ queue })} onDropAgent={dropAgent} />
      <Figures state={filter.state} onState={(state) => setFilter({ state })} />
      <div className="team-columns">
        <div className="stack team-main">
          <AgentGrid filter={filter} onFilter={setFilter} onQueues={editQueues} />
          <ActiveCalls />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className="stack scroll team-side" tabIndex={0} aria-label={t("team.side")}>
          <BreakRequests />
          <WaitingCalls />
          <Trend />
          <Health />
        </section>
      </div>
      <Suspense fallback={null}>
        {queuesOf ? <AgentQueues key={queuesOf.agent.user} {...queuesOf} onClose={() => setQueuesOf(null)} /> : null}
      </Suspense>
    </div>
  );
}
