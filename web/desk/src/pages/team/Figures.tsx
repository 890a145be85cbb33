import type { AgentStatus } from "@zhiyin/client/model";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { StateShape } from "../../parts/StateMark.tsx";
import { clock, elapsedMs, useTick } from "../../parts/time.ts";

const STATES: readonly AgentStatus[] = ["available", "ringing", "on_call", "wrap_up", "break", "away"];

function Figure({ name, children, tone = "" }: { name: ReactNode; children: ReactNode; tone?: string }) {
  return (
    <div className="figure">
      <dd className={`num ${tone}`}>{children}</dd>
      <dt>{name}</dt>
    </div>
  );
}

/** The numbers one looks at first: how many wait, how long the first of them, who is free. */
export function Figures() {
  const { t } = useTranslation();
  useTick();
  const waiting = useLive((state) => state.waiting);
  const agents = useLive((state) => state.agents);
  const calls = useLive((state) => state.calls);
  const longest = Math.max(0, ...[...waiting.values()].map((one) => elapsedMs(one.since)));
  const counts = new Map<AgentStatus, number>();
  for (const agent of agents.values()) counts.set(agent.status, (counts.get(agent.status) ?? 0) + 1);
  return (
    <dl className="figures" aria-label={t("team.figures")}>
      <Figure name={t("team.waiting")} tone={waiting.size > 0 ? "tone-warn" : ""}>
        {waiting.size}
      </Figure>
      <Figure name={t("team.longest")} tone={longest > 60_000 ? "tone-alert" : ""}>
        {waiting.size > 0 ? clock(longest) : "–"}
      </Figure>
      <Figure name={t("team.activeCalls")}>{calls.size}</Figure>
      <span className="figures-rule" aria-hidden="true" />
      {STATES.map((status) => (
        <Figure
          key={status}
          name={
            <span className="row figure-state">
              <StateShape status={status} size={10} />
              {t(`state.${status}`)}
            </span>
          }
        >
          {counts.get(status) ?? 0}
        </Figure>
      ))}
    </dl>
  );
}
