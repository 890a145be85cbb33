import type { AgentLive } from "@zhiyin/client/model";
import { Button, Dropdown, type MenuProps } from "antd";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useDirectory, useSession } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import type { MonitorMode } from "../../live/monitor-types.ts";
import { useLive } from "../../live/store.ts";
import { MONITOR_MODES, useMonitorActions } from "../../parts/call/useMonitorActions.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { Icon, type IconName } from "../../parts/Icon.tsx";
import { StateShape, stateTone } from "../../parts/StateMark.tsx";
import { useSupervise } from "./useSupervise.ts";

const MODE_ICON: Record<MonitorMode, IconName> = { listen: "ear", whisper: "whisper", barge: "barge" };
/** What an agent is dragged as; other things dropped on a queue mean nothing. */
export const AGENT_DRAG = "application/x-zhiyin-agent";
const CHIPS_MAX = 2;

function useAgentWords(agent: AgentLive) {
  const { t } = useTranslation();
  const { break_reasons, agents } = useDirectory();
  const reason =
    agent.status === "break"
      ? label(break_reasons.find((one) => one.key === agent.reason)?.name)
      : agent.reason
        ? t(`away.${agent.reason}`, { defaultValue: agent.reason })
        : "";
  const name = agent.display_name || agents.find((one) => one.id === agent.user)?.display_name || agent.user;
  return { name, state: `${t(`state.${agent.status}`)}${reason ? ` · ${reason}` : ""}` };
}

/** The call in the agent's hands that may be listened to. */
function useAudibleCall(agent: AgentLive) {
  const call = useLive((state) => (agent.interaction ? state.calls.get(agent.interaction) : undefined));
  return { call, audible: call?.state === "connected" ? call.call : null };
}

function useMenu(agent: AgentLive, call: string | null, onQueues: () => void): MenuProps["items"] {
  const { t } = useTranslation();
  const { can } = useSession();
  const { break_reasons } = useDirectory();
  const { setStatus } = useSupervise();
  const { join } = useMonitorActions();
  const navigate = useNavigate();
  const state = (key: string, status: "available" | "break" | "offline", text: string, reason?: string) => ({
    key,
    icon: <StateShape status={status} />,
    label: <span data-testid={`set-${key}`}>{text}</span>,
    onClick: () => void setStatus(agent.user, status, reason),
  });
  const breaks = break_reasons.map((one) => state(`break-${one.key}`, "break", label(one.name), one.key));
  const supervises: MenuProps["items"] = [
    state("available", "available", t("state.available")),
    ...(breaks.length > 0 ? breaks : [state("break", "break", t("state.break"))]),
    state("offline", "offline", t("state.offline")),
    { type: "divider" },
    { key: "queues", icon: <Icon name="queues" size={16} />, label: t("team.queuesOf"), onClick: onQueues },
  ];
  const listens = MONITOR_MODES.map((mode) => ({
    key: mode,
    icon: <Icon name={MODE_ICON[mode]} size={16} />,
    label: t(`monitorCall.mode.${mode}`),
    onClick: () => void (call && join(call, mode)),
  }));
  return [
    ...(can("agent.supervise") ? supervises : []),
    ...(can("call.monitor") && call ? listens : []),
    {
      key: "contacts",
      icon: <Icon name="calls" size={16} />,
      label: t("team.contactsOf"),
      onClick: () => navigate(`/interactions?agent=${agent.user}`),
    },
  ];
}

/** Letters while the card has the focus: the same as in its menu. */
function useCardKeys(agent: AgentLive, call: string | null, open: () => void, onQueues: () => void) {
  const { can } = useSession();
  const { break_reasons } = useDirectory();
  const { setStatus } = useSupervise();
  const { join } = useMonitorActions();
  const listen = (mode: MonitorMode) => () => void (call && can("call.monitor") && join(call, mode));
  const supervise = (run: () => void) => () => void (can("agent.supervise") && run());
  const keys: Record<string, () => void> = {
    Enter: open,
    KeyA: supervise(() => void setStatus(agent.user, "available")),
    // A break needs its reason: with several of them the menu asks.
    KeyB: supervise(() =>
      break_reasons.length > 1 ? open() : void setStatus(agent.user, "break", break_reasons[0]?.key),
    ),
    KeyO: supervise(() => void setStatus(agent.user, "offline")),
    KeyQ: supervise(onQueues),
    KeyL: listen("listen"),
    KeyW: listen("whisper"),
    KeyI: listen("barge"),
  };
  return (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const run = keys[event.key === "Enter" ? "Enter" : event.code];
    if (!run) return;
    event.preventDefault();
    run();
  };
}

function Chips({ queues }: { queues: readonly string[] }) {
  const { queues: known } = useDirectory();
  const names = queues.map((id) => label(known.find((one) => one.id === id)?.name)).filter(Boolean);
  return (
    <span className="agent-queues grow" title={names.join(" · ")}>
      {names.slice(0, CHIPS_MAX).map((name) => (
        <span key={name} className="chip">
          <span className="ellipsis">{name}</span>
        </span>
      ))}
      {names.length > CHIPS_MAX ? <span className="meta num">+{names.length - CHIPS_MAX}</span> : null}
    </span>
  );
}

function ListenButtons({ call }: { call: string }) {
  const { t } = useTranslation();
  const { join } = useMonitorActions();
  return MONITOR_MODES.map((mode) => (
    <Button
      key={mode}
      type="text"
      size="small"
      title={t(`monitorCall.mode.${mode}`)}
      aria-label={t(`monitorCall.mode.${mode}`)}
      icon={<Icon name={MODE_ICON[mode]} size={16} />}
      onClick={() => void join(call, mode)}
      data-testid={`monitor-${mode}`}
    />
  ));
}

export interface CardProps {
  agent: AgentLive;
  /** Place in the whole list, from 0, and its length. */
  at: number;
  count: number;
  /** The one card of the grid that Tab stops at. */
  isStop: boolean;
  onFocus: (at: number) => void;
  onQueues: (agent: AgentLive) => void;
}

/** One agent: state and time in it, queues, the call in hand, and what a supervisor may do. */
export const AgentCard = memo(function AgentCard({ agent, at, count, isStop, onFocus, onQueues }: CardProps) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [menu, setMenu] = useState(false);
  const words = useAgentWords(agent);
  const { call, audible } = useAudibleCall(agent);
  const editQueues = () => onQueues(agent);
  const items = useMenu(agent, audible, editQueues);
  const onKeyDown = useCardKeys(agent, audible, () => setMenu(true), editQueues);
  const supervises = can("agent.supervise");
  return (
    <li
      className={`agent ${agent.status === "offline" ? "agent-off" : ""}`}
      // One card of the grid is a stop of the keyboard; arrows lead to the others.
      tabIndex={isStop ? 0 : -1}
      aria-setsize={count}
      aria-posinset={at + 1}
      aria-label={`${words.name}: ${words.state}`}
      data-testid="agent-row"
      data-status={agent.status}
      data-at={at}
      draggable={supervises}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "copyMove";
        event.dataTransfer.setData(AGENT_DRAG, agent.user);
      }}
      onFocus={() => onFocus(at)}
      onKeyDown={onKeyDown}
    >
      <div className="row">
        <span className="agent-name ellipsis grow">{words.name}</span>
        <span className="meta">{t(`deviceShort.${agent.device}`)}</span>
        <Dropdown menu={{ items }} trigger={["click"]} destroyOnHidden open={menu} onOpenChange={setMenu}>
          <button type="button" className="plain agent-menu" aria-label={t("team.menuOf", { name: words.name })}>
            <Icon name="dots" size={16} />
          </button>
        </Dropdown>
      </div>
      <div className="row agent-state">
        <StateShape status={agent.status} />
        <span className={`ellipsis grow ${stateTone(agent.status)}`}>{words.state}</span>
        <Elapsed since={agent.since} />
      </div>
      <div className="meta ellipsis agent-call">
        {call
          ? `${t(`direction.${call.direction}`)} ${call.remote}`
          : agent.next
            ? t("status.next", { state: t(`state.${agent.next}`) })
            : "\u00a0"}
      </div>
      <div className="row agent-foot">
        <Chips queues={agent.queues} />
        {audible && can("call.monitor") ? <ListenButtons call={audible} /> : null}
      </div>
    </li>
  );
});
