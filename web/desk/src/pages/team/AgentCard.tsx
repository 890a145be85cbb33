import type { AgentLive, SuperviseMode } from "@zhiyin/client/model";
import { memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../../live/store.ts";
import { MONITOR_MODES } from "../../parts/call/useMonitorActions.ts";
import { Elapsed } from "../../parts/Elapsed.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { StateShape, stateTone } from "../../parts/StateMark.tsx";
import { AgentMenu, MODE_ICON } from "./AgentMenu.tsx";
import type { CardContext } from "./useCardContext.ts";

/** What an agent is dragged as; other things dropped on a queue mean nothing. */
export const AGENT_DRAG = "application/x-zhiyin-agent";
const CHIPS_MAX = 2;

function useStateWords(agent: AgentLive, { breaks }: CardContext): string {
  const { t } = useTranslation();
  const reason =
    agent.status === "break"
      ? breaks.find(([key]) => key === agent.reason)?.[1]
      : agent.reason && t(`away.${agent.reason}`, { defaultValue: agent.reason });
  return `${t(`state.${agent.status}`)}${reason ? ` · ${reason}` : ""}`;
}

/** Letters while the card has the focus: the same as in its menu. */
function cardKeys(agent: AgentLive, call: string | null, context: CardContext, open: () => void, onQueues: () => void) {
  const { supervise, listen, breaks } = context;
  const listens = (mode: SuperviseMode) => () => void (call && context.mayListen && listen.join(call, mode));
  const supervises = (run: () => void) => () => void (context.maySupervise && run());
  const keys: Record<string, () => void> = {
    Enter: open,
    KeyA: supervises(() => void supervise.setStatus(agent.user, "available")),
    // A break needs its reason: with several of them the menu asks.
    KeyB: supervises(() =>
      breaks.length > 1 ? open() : void supervise.setStatus(agent.user, "break", breaks[0]?.[0]),
    ),
    KeyO: supervises(() => void supervise.setStatus(agent.user, "offline")),
    KeyQ: supervises(onQueues),
    KeyL: listens("listen"),
    KeyW: listens("whisper"),
    KeyI: listens("barge"),
  };
  return (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const run = keys[event.key === "Enter" ? "Enter" : event.code];
    if (!run) return;
    event.preventDefault();
    run();
  };
}

function Chips({ queues, names }: { queues: readonly string[]; names: ReadonlyMap<string, string> }) {
  const known = queues.flatMap((id) => names.get(id) ?? []);
  return (
    <span className="agent-queues grow" title={known.join(" · ")}>
      {known.slice(0, CHIPS_MAX).map((name) => (
        <span key={name} className="chip">
          <span className="ellipsis">{name}</span>
        </span>
      ))}
      {known.length > CHIPS_MAX ? <span className="meta num">+{known.length - CHIPS_MAX}</span> : null}
    </span>
  );
}

function ListenButtons({ call, context }: { call: string; context: CardContext }) {
  const { t } = useTranslation();
  return MONITOR_MODES.map((mode) => (
    <button
      key={mode}
      type="button"
      className="plain agent-button"
      title={t(`monitorCall.mode.${mode}`)}
      aria-label={t(`monitorCall.mode.${mode}`)}
      onClick={() => void context.listen.join(call, mode)}
      data-testid={`monitor-${mode}`}
    >
      <Icon name={MODE_ICON[mode]} size={16} />
    </button>
  ));
}

export interface CardProps {
  agent: AgentLive;
  context: CardContext;
  /** Place in the whole list, from 0, and its length. */
  at: number;
  count: number;
  /** The one card of the grid that Tab stops at. */
  isStop: boolean;
  onFocus: (at: number) => void;
  onQueues: (agent: AgentLive) => void;
}

/** One agent: state and time in it, queues, the call in hand, and what a supervisor may do. */
export const AgentCard = memo(function AgentCard(props: CardProps) {
  const { agent, context, at, onFocus, onQueues } = props;
  const { t } = useTranslation();
  const [menu, setMenu] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  const call = useLive((state) => (agent.interaction ? state.calls.get(agent.interaction) : undefined));
  const audible = call?.state === "connected" ? call.call : null;
  const name = agent.display_name || context.names.get(agent.user) || agent.user;
  const words = useStateWords(agent, context);
  const editQueues = () => onQueues(agent);
  const closeMenu = () => {
    setMenu(false);
    card.current?.focus({ preventScroll: true });
  };
  const button = (
    <button
      type="button"
      className="plain agent-button agent-menu"
      aria-label={t("team.menuOf", { name })}
      aria-haspopup="menu"
      aria-expanded={menu}
      onClick={() => setMenu(true)}
    >
      <Icon name="dots" size={16} />
    </button>
  );
  return (
    <li
      ref={card}
      className={`agent ${agent.status === "offline" ? "agent-off" : ""}`}
      // One card of the grid is a stop of the keyboard; arrows lead to the others.
      tabIndex={props.isStop ? 0 : -1}
      aria-setsize={props.count}
      aria-posinset={at + 1}
      aria-label={`${name}: ${words}`}
      data-testid="agent-row"
      data-status={agent.status}
      data-at={at}
      draggable={context.maySupervise}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "copyMove";
        event.dataTransfer.setData(AGENT_DRAG, agent.user);
      }}
      onFocus={() => onFocus(at)}
      onKeyDown={cardKeys(agent, audible, context, () => setMenu(true), editQueues)}
    >
      <div className="row">
        <span className="agent-name ellipsis grow">{name}</span>
        <span className="meta">{t(`deviceShort.${agent.device}`)}</span>
        {menu ? (
          <AgentMenu agent={agent} call={audible} context={context} onQueues={editQueues} onClose={closeMenu}>
            {button}
          </AgentMenu>
        ) : (
          button
        )}
      </div>
      <div className="row agent-state">
        <StateShape status={agent.status} />
        <span className={`ellipsis grow ${stateTone(agent.status)}`}>{words}</span>
        <Elapsed since={agent.since} />
      </div>
      <div className="meta ellipsis">
        {call
          ? `${t(`direction.${call.direction}`)} ${call.remote}`
          : agent.next
            ? t("status.next", { state: t(`state.${agent.next}`) })
            : "\u00a0"}
      </div>
      <div className="row agent-foot">
        <Chips queues={agent.queues} names={context.queueNames} />
        {audible && context.mayListen ? <ListenButtons call={audible} context={context} /> : null}
      </div>
    </li>
  );
});
