/** What the desk knows this moment. Changed only by `reduce`, from messages of the stream. */
import type { AgentLive, CallCard, CallLive, OfferCard, TrunkLive, WaitingLive } from "@zhiyin/client/model";
import type { Connection, StreamMessage } from "@zhiyin/client/socket";
import { type AlertsLive, noAlerts, reduceAlerts } from "./alerts.ts";
import { type FollowedBoard, reduceBoard } from "./board.ts";

export interface LiveState {
  connection: Connection;
  /** Local milliseconds since when what is shown may be old; null while live. */
  staleSince: number | null;
  /** The agent's own state arrived at least once. */
  ready: boolean;
  agent: AgentLive | null;
  offer: OfferCard | null;
  /** The newest offer, kept after it was answered: its reason and waiting time belong to the call. */
  lastOffer: OfferCard | null;
  /** Why the last offer went away, for a quiet word to the agent. */
  offerResult: { offer: string; result: string } | null;
  call: CallCard | null;
  /** The call that just ended: its wrap-up still needs the customer. */
  lastCall: CallCard | null;
  agents: ReadonlyMap<string, AgentLive>;
  waiting: ReadonlyMap<string, WaitingLive>;
  calls: ReadonlyMap<string, CallLive>;
  trunks: ReadonlyMap<string, TrunkLive>;
  alerts: AlertsLive;
  /** The boards that are followed, by id. */
  boards: ReadonlyMap<string, FollowedBoard>;
}

export const initialState: LiveState = {
  connection: "connecting",
  staleSince: null,
  ready: false,
  agent: null,
  offer: null,
  lastOffer: null,
  offerResult: null,
  call: null,
  lastCall: null,
  agents: new Map(),
  waiting: new Map(),
  calls: new Map(),
  trunks: new Map(),
  alerts: noAlerts,
  boards: new Map(),
};

function byKey<T>(rows: readonly T[] | undefined, key: (row: T) => string): Map<string, T> {
  return new Map((rows ?? []).map((row) => [key(row), row]));
}

function put<T>(map: ReadonlyMap<string, T>, key: string, row: T): Map<string, T> {
  return new Map(map).set(key, row);
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

const isOver = (call: CallLive | null | undefined) => call?.state === "ended" || call?.state === "lost";

function reduceMe(state: LiveState, type: string, data: unknown): LiveState {
  switch (type) {
    case "reset": {
      const me = data as { agent: AgentLive | null; offer: OfferCard | null; call: CallCard | null };
      const call = me.call && !isOver(me.call) ? me.call : null;
      const lastCall = call ?? (state.call && state.call.call !== me.call?.call ? state.call : state.lastCall);
      return {
        ...state,
        ready: true,
        agent: me.agent,
        offer: me.offer,
        lastOffer: me.offer ?? state.lastOffer,
        call,
        lastCall,
      };
    }
    case "agent":
      return { ...state, agent: data as AgentLive };
    case "offer":
      return { ...state, offer: data as OfferCard, lastOffer: data as OfferCard, offerResult: null };
    case "offer_ended": {
      const ended = data as { offer: string; result: string };
      if (state.offer?.offer !== ended.offer) return state;
      return { ...state, offer: null, offerResult: { offer: ended.offer, result: ended.result } };
    }
    case "call": {
      const update = data as CallCard;
      // Changes of a running call need not repeat the customer.
      const card = update.customer_card ?? (state.call?.call === update.call ? state.call.customer_card : null);
      const call = { ...update, customer_card: card ?? null };
      if (isOver(call)) return endCall({ ...state, lastCall: call }, call.call);
      return { ...state, call, lastCall: call };
    }
    case "call_ended":
      return endCall(state, (data as { call: string }).call);
    default:
      return state;
  }
}

function endCall(state: LiveState, call: string): LiveState {
  if (state.call?.call !== call) return state;
  return { ...state, call: null, lastCall: { ...state.call, state: "ended" } };
}

function reduceAgents(state: LiveState, type: string, data: unknown): LiveState {
  if (type === "reset") return { ...state, agents: byKey((data as { agents: AgentLive[] }).agents, (row) => row.user) };
  if (type !== "agent") return state;
  const row = data as AgentLive;
  const known = state.agents.get(row.user);
  return {
    ...state,
    agents: put(state.agents, row.user, { ...row, display_name: row.display_name ?? known?.display_name ?? "" }),
  };
}

function reduceWaiting(state: LiveState, type: string, data: unknown): LiveState {
  if (type === "reset")
    return { ...state, waiting: byKey((data as { waiting: WaitingLive[] }).waiting, (row) => row.interaction) };
  const row = data as WaitingLive;
  if (type === "waiting") return { ...state, waiting: put(state.waiting, row.interaction, row) };
  if (type === "waiting_ended") return { ...state, waiting: without(state.waiting, row.interaction) };
  return state;
}

function reduceCalls(state: LiveState, type: string, data: unknown): LiveState {
  if (type === "reset") {
    return {
      ...state,
      calls: byKey(
        (data as { calls: CallLive[] }).calls.filter((row) => !isOver(row)),
        (row) => row.call,
      ),
    };
  }
  const row = data as CallLive;
  if (type === "call_ended" || (type === "call" && isOver(row)))
    return { ...state, calls: without(state.calls, row.call) };
  if (type === "call") return { ...state, calls: put(state.calls, row.call, row) };
  return state;
}

function reduceTrunks(state: LiveState, type: string, data: unknown): LiveState {
  if (type === "reset") return { ...state, trunks: byKey((data as { trunks: TrunkLive[] }).trunks, (row) => row.key) };
  if (type !== "trunk") return state;
  return { ...state, trunks: put(state.trunks, (data as TrunkLive).key, data as TrunkLive) };
}

function reduceWatching(state: LiveState, message: StreamMessage, now: number): LiveState {
  if (message.topic === "board") {
    const boards = reduceBoard(state.boards, message.type, message.data, now);
    return boards === state.boards ? state : { ...state, boards };
  }
  const alerts = reduceAlerts(state.alerts, message.type, message.data, now);
  return alerts === state.alerts ? state : { ...state, alerts };
}

/**
 * The next state after one message, which came at `now` (local milliseconds).
 * Unknown topics and types change nothing: an older page meets a newer server.
 */
export function reduce(state: LiveState, message: StreamMessage, now: number): LiveState {
  switch (message.topic) {
    case "me":
      return reduceMe(state, message.type, message.data);
    case "agents":
      return reduceAgents(state, message.type, message.data);
    case "waiting":
      return reduceWaiting(state, message.type, message.data);
    case "calls":
      return reduceCalls(state, message.type, message.data);
    case "trunks":
      return reduceTrunks(state, message.type, message.data);
    case "alerts":
    case "board":
      return reduceWatching(state, message, now);
    default:
      return state;
  }
}

/** The socket's own state. `now` is local milliseconds. */
export function connectionChanged(state: LiveState, connection: Connection, now: number): LiveState {
  const staleSince =
    connection === "live" ? null : (state.staleSince ?? (state.ready || connection === "lost" ? now : null));
  return { ...state, connection, staleSince };
}
