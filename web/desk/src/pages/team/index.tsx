import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { Loading } from "../../parts/Views.tsx";
import { ActiveCalls } from "./ActiveCalls.tsx";
import { AgentGrid } from "./AgentGrid.tsx";
import { BreakRequests } from "./BreakRequests.tsx";
import { Figures } from "./Figures.tsx";
import { Trend } from "./Trend.tsx";
import { Trunks } from "./Trunks.tsx";
import { WaitingCalls } from "./WaitingCalls.tsx";
import "./team.css";

/** The supervisor's page: who is doing what, who waits and for how long, all of it live. */
export function Component() {
  const { t } = useTranslation();
  const connected = useLive((state) => state.connection !== "connecting" || state.agents.size > 0);
  if (!connected) return <Loading lines={10} />;
  return (
    <div className="page team">
      <h1 className="visually-hidden">{t("nav.team")}</h1>
      <Figures />
      <div className="team-columns">
        <div className="stack team-main">
          <AgentGrid />
          <ActiveCalls />
        </div>
        <div className="stack">
          <BreakRequests />
          <WaitingCalls />
          <Trend />
          <Trunks />
        </div>
      </div>
    </div>
  );
}
