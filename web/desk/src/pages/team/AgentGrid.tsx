import type { AgentLive, AgentStatus } from "@zhiyin/client/model";
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { useLive } from "../../live/store.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { StateShape, stateTone } from "../../parts/StateMark.tsx";
import { Empty } from "../../parts/Views.tsx";

/** Who needs a look first: ringing and away before talking, offline last. Within a state the longest first. */
const ORDER: Record<AgentStatus, number> = {
  ringing: 0,
  away: 1,
  available: 2,
  on_call: 3,
  wrap_up: 4,
  break: 5,
  offline: 6,
};

function Agent({ agent }: { agent: AgentLive }) {
  const { t } = useTranslation();
  const { break_reasons, agents } = useDirectory();
  const call = useLive((state) => (agent.interaction ? state.calls.get(agent.interaction) : undefined));
  const reason =
    agent.status === "break"
      ? label(break_reasons.find((one) => one.key === agent.reason)?.name)
      : agent.reason
        ? t(`away.${agent.reason}`, { defaultValue: agent.reason })
        : "";
  const name = agent.display_name || agents.find((one) => one.id === agent.user)?.display_name || agent.user;
  return (
    <li
      className={`agent ${agent.status === "offline" ? "agent-off" : ""}`}
      data-testid="agent-row"
      data-status={agent.status}
    >
      <div className="row">
        <span className="agent-name ellipsis grow">{name}</span>
        <span className="meta">{t(`deviceShort.${agent.device}`)}</span>
      </div>
      <div className="row agent-state">
        <StateShape status={agent.status} />
        <span className={`ellipsis grow ${stateTone(agent.status)}`}>
          {t(`state.${agent.status}`)}
          {reason ? ` · ${reason}` : ""}
        </span>
        <Elapsed since={agent.since} />
      </div>
      <div className="meta ellipsis">
        {call
          ? `${t(`direction.${call.direction}`)} ${call.remote}`
          : agent.next
            ? t("status.next", { state: t(`state.${agent.next}`) })
            : "\u00a0"}
      </div>
    </li>
  );
}

export function AgentGrid() {
  const { t } = useTranslation();
  const agents = useLive((state) => state.agents);
  const [shown, setShown] = useState<"in" | "all">("in");
  const sorted = useMemo(
    () =>
      [...agents.values()]
        .filter((one) => shown === "all" || one.status !== "offline")
        .sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.since - b.since || a.user.localeCompare(b.user)),
    [agents, shown],
  );
  return (
    <section aria-label={t("team.agents")}>
      <div className="row section-head">
        <h2 className="grow">{t("team.agents")}</h2>
        <Segmented
          size="small"
          value={shown}
          onChange={setShown}
          options={[
            { value: "in", label: t("team.signedIn") },
            { value: "all", label: t("team.all") },
          ]}
        />
      </div>
      {sorted.length === 0 ? <Empty icon="team" title={t("team.noAgents")} text={t("team.noAgentsText")} /> : null}
      <ul className="agents">
        {sorted.map((agent) => (
          <Agent key={agent.user} agent={agent} />
        ))}
      </ul>
    </section>
  );
}
