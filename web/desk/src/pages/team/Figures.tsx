import type { AgentStatus } from "@zhiyin/client/model";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { StateShape } from "../../parts/StateMark.tsx";
import { clock, elapsedMs, useTick } from "../../parts/time.ts";
import { isOnTheLine } from "./roster.ts";

const STATES: readonly AgentStatus[] = ["available", "ringing", "on_call", "wrap_up", "break", "away"];

function Figure({ name, children, tone = "" }: { name: string; children: ReactNode; tone?: string }) {
  return (
    <div className="figure">
      <dd className={`num ${tone}`}>{children}</dd>
      <dt>{name}</dt>
    </div>
  );
}

function StateFigure({
  status,
  count,
  chosen,
  onChoose,
}: {
  status: AgentStatus;
  count: number;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={`plain figure figure-button ${chosen ? "is-chosen" : ""}`}
      aria-pressed={chosen}
      onClick={onChoose}
      data-testid={`show-${status}`}
    >
      <span className="figure-value num">{count}</span>
      <span className="row figure-state figure-name">
        <StateShape status={status} size={10} />
        {t(`state.${status}`)}
      </span>
    </button>
  );
}

/** The numbers one looks at first: how many wait, how long the first of them, who is free. A state shows only its agents. */
export function Figures({
  state,
  onState,
}: {
  state: AgentStatus | null;
  onState: (next: AgentStatus | null) => void;
}) {
  const { t } = useTranslation();
  useTick();
  const waiting = useLive((state) => state.waiting);
  const agents = useLive((state) => state.agents);
  const calls = useLive((state) => state.calls);
  const here = [...waiting.values()].filter(isOnTheLine);
  const longest = Math.max(0, ...here.map((one) => elapsedMs(one.since)));
  const callbacks = waiting.size - here.length;
  const counts = new Map<AgentStatus, number>();
  for (const agent of agents.values()) counts.set(agent.status, (counts.get(agent.status) ?? 0) + 1);
  return (
    <section className="figures" aria-label={t("team.figures")}>
      <dl className="figures-now">
        <Figure name={t("team.waiting")} tone={here.length > 0 ? "tone-warn" : ""}>
          {here.length}
        </Figure>
        <Figure name={t("team.longest")} tone={longest > 60_000 ? "tone-alert" : ""}>
          {here.length > 0 ? clock(longest) : "–"}
        </Figure>
        {callbacks > 0 ? <Figure name={t("callbacks.title")}>{callbacks}</Figure> : null}
        <Figure name={t("team.activeCalls")}>{calls.size}</Figure>
      </dl>
      <span className="figures-rule" aria-hidden="true" />
      {STATES.map((status) => (
        <StateFigure
          key={status}
          status={status}
          count={counts.get(status) ?? 0}
          chosen={state === status}
          onChoose={() => onState(state === status ? null : status)}
        />
      ))}
    </section>
  );
}
