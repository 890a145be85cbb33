/**
 * The softphone as a plain machine: `step(state, input)` gives the next state and what to do.
 * Microphone, peer connection and HTTP live in `phone-driver.ts`; nothing here waits or touches the browser.
 *
 * Each attempt to get media has a number. Results of an older attempt arrive late and are ignored.
 */
import type { SuperviseMode } from "@zhiyin/client/model";

export type Purpose =
  | { kind: "accept"; offer: string }
  | { kind: "dial"; to: string }
  | { kind: "resume"; call: string }
  /** Join somebody else's call. */
  | ({ kind: "monitor" } & Monitoring);

export interface Monitoring {
  call: string;
  mode: SuperviseMode;
}

export type PhoneProblem = "microphone_denied" | "microphone_missing" | "no_webrtc" | "refused" | "media_lost";

export type PhoneState =
  | { at: "idle"; attempt: number; problem: PhoneProblem | null; code: string | null }
  /** Opening the microphone and describing our side. */
  | { at: "preparing"; attempt: number; purpose: Purpose; tries: number }
  /** Our description is with the server. */
  | { at: "asking"; attempt: number; purpose: Purpose; tries: number }
  /** The server agreed; the media path is being built. */
  | { at: "connecting"; attempt: number; call: string; tries: number; monitor?: Monitoring }
  | { at: "talking"; attempt: number; call: string; monitor?: Monitoring }
  /** The call is still ours, the media broke, and a new try waits for its time. */
  | { at: "recovering"; attempt: number; call: string; tries: number };

export type PhoneInput =
  | { type: "accept"; offer: string }
  | { type: "dial"; to: string }
  /** The server says a call of ours runs without media here: after a reload, or after another tab closed. */
  | { type: "resume"; call: string }
  | ({ type: "monitor" } & Monitoring)
  /** The server agreed to another way of taking part. */
  | { type: "monitor_mode"; mode: SuperviseMode }
  | { type: "leave" }
  | { type: "described"; attempt: number; sdp: string }
  | { type: "answered"; attempt: number; call: string; sdp: string }
  | { type: "refused"; attempt: number; code: string }
  | { type: "media_up"; attempt: number }
  | { type: "media_down"; attempt: number }
  | { type: "failed"; attempt: number; problem: PhoneProblem }
  | { type: "retry"; attempt: number }
  | { type: "ended"; call: string }
  | { type: "offer_gone"; offer: string }
  /** The person has read what went wrong. */
  | { type: "acknowledge" };

export type PhoneEffect =
  | { do: "open"; attempt: number }
  | { do: "ask"; attempt: number; purpose: Purpose; sdp: string }
  | { do: "connect"; attempt: number; sdp: string }
  | { do: "retry_later"; attempt: number; ms: number }
  | { do: "close" }
  | { do: "leave_monitor"; call: string };

export interface Stepped {
  state: PhoneState;
  effects: PhoneEffect[];
}

export const idle: PhoneState = { at: "idle", attempt: 0, problem: null, code: null };

/** The server keeps a call without media for 15 s; five tries at these distances fit into it. */
export const RESUME_DELAYS_MS = [0, 500, 1500, 3000, 5000] as const;

const stay = (state: PhoneState): Stepped => ({ state, effects: [] });

/** Attempt numbers only ever grow, also over several calls, so that a late result can never match. */
function start(state: PhoneState, purpose: Purpose, tries: number): Stepped {
  const attempt = state.attempt + 1;
  return { state: { at: "preparing", attempt, purpose, tries }, effects: [{ do: "open", attempt }] };
}

function rest(state: PhoneState, problem: PhoneProblem | null = null, code: string | null = null): Stepped {
  return { state: { at: "idle", attempt: state.attempt, problem, code }, effects: [{ do: "close" }] };
}

/** Tries the next resume of `call`, or gives up when the server has given up too. */
function recover(state: PhoneState, call: string, tries: number): Stepped {
  const ms = RESUME_DELAYS_MS[tries];
  if (ms === undefined) return rest(state, "media_lost");
  const attempt = state.attempt + 1;
  return {
    state: { at: "recovering", attempt, call, tries },
    effects: [{ do: "close" }, { do: "retry_later", attempt, ms }],
  };
}

function onRefused(state: PhoneState, code: string): Stepped {
  if (state.at !== "asking") return stay(state);
  const { purpose } = state;
  // A resume may be refused for a moment (the server has not noticed the old media's end, the network is away).
  if (purpose.kind === "resume" && code !== "not_found" && code !== "forbidden")
    return recover(state, purpose.call, state.tries + 1);
  return rest(state, "refused", code);
}

function onAnswered(state: PhoneState, input: PhoneInput & { type: "answered" }): Stepped {
  if (state.at !== "asking") return stay(state);
  const { attempt, tries } = state;
  const monitor = monitored(state);
  return {
    state: { at: "connecting", attempt, call: input.call, tries, ...(monitor ? { monitor } : {}) },
    effects: [{ do: "connect", attempt, sdp: input.sdp }],
  };
}

function onCommand(state: PhoneState, input: PhoneInput & { type: "accept" | "dial" | "resume" | "monitor" }): Stepped {
  if (state.at !== "idle") return stay(state);
  if (input.type === "accept") return start(state, { kind: "accept", offer: input.offer }, 0);
  if (input.type === "dial") return start(state, { kind: "dial", to: input.to }, 0);
  if (input.type === "monitor") return start(state, { kind: "monitor", call: input.call, mode: input.mode }, 0);
  return start(state, { kind: "resume", call: input.call }, 0);
}

/** The call of somebody else that is, or is about to be, listened to. */
export function monitored(state: PhoneState): Monitoring | null {
  if (state.at === "preparing" || state.at === "asking")
    return state.purpose.kind === "monitor" ? { call: state.purpose.call, mode: state.purpose.mode } : null;
  return ("monitor" in state && state.monitor) || null;
}

/** Nobody waits for a listener: a broken path is given up, and may be asked for again. */
function leave(state: PhoneState, problem: PhoneProblem | null): Stepped {
  const monitor = monitored(state);
  if (!monitor) return stay(state);
  const rested = rest(state, problem);
  return { ...rested, effects: [...rested.effects, { do: "leave_monitor", call: monitor.call }] };
}

function onMode(state: PhoneState, mode: SuperviseMode): Stepped {
  if ((state.at !== "connecting" && state.at !== "talking") || !state.monitor) return stay(state);
  return stay({ ...state, monitor: { ...state.monitor, mode } });
}

function onMediaDown(state: PhoneState): Stepped {
  if (monitored(state)) return leave(state, "media_lost");
  if (state.at === "talking") return recover(state, state.call, 0);
  if (state.at === "connecting") return recover(state, state.call, state.tries + 1);
  return stay(state);
}

/** Whether `state` is about this call. */
function concerns(state: PhoneState, call: string): boolean {
  if (state.at === "idle") return false;
  if (state.at === "preparing" || state.at === "asking")
    return (state.purpose.kind === "resume" || state.purpose.kind === "monitor") && state.purpose.call === call;
  return state.call === call || monitored(state)?.call === call;
}

export function step(state: PhoneState, input: PhoneInput): Stepped {
  if ("attempt" in input && input.attempt !== state.attempt) return stay(state);
  switch (input.type) {
    case "accept":
    case "dial":
    case "resume":
    case "monitor":
      return onCommand(state, input);
    case "monitor_mode":
      return onMode(state, input.mode);
    case "leave":
      return leave(state, null);
    case "described":
      if (state.at !== "preparing") return stay(state);
      return {
        state: { ...state, at: "asking" },
        effects: [{ do: "ask", attempt: state.attempt, purpose: state.purpose, sdp: input.sdp }],
      };
    case "answered":
      return onAnswered(state, input);
    case "refused":
      return onRefused(state, input.code);
    case "media_up": {
      if (state.at !== "connecting") return stay(state);
      const { tries: _, ...rest } = state;
      return stay({ ...rest, at: "talking" });
    }
    case "media_down":
      return onMediaDown(state);
    case "failed":
      return rest(state, input.problem);
    case "retry":
      return state.at === "recovering" ? start(state, { kind: "resume", call: state.call }, state.tries) : stay(state);
    case "ended":
      return concerns(state, input.call) ? rest(state) : stay(state);
    case "acknowledge":
      return state.at === "idle" ? stay({ ...state, problem: null, code: null }) : stay(state);
    case "offer_gone": {
      const preparing =
        state.at === "preparing" && state.purpose.kind === "accept" && state.purpose.offer === input.offer;
      return preparing ? rest(state) : stay(state);
    }
  }
}
