import { describe, expect, it } from "vitest";
import {
  idle,
  monitored,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  RESUME_DELAYS_MS,
  step,
} from "./phone.ts";

/** Feeds inputs; `attempt: 0` stands for the attempt that is running. */
function run(inputs: PhoneInput[], from: PhoneState = idle): { state: PhoneState; effects: PhoneEffect[] } {
  let state = from;
  let effects: PhoneEffect[] = [];
  for (const input of inputs) {
    const one = "attempt" in input && input.attempt === 0 ? { ...input, attempt: state.attempt } : input;
    ({ state, effects } = step(state, one));
  }
  return { state, effects };
}

const ACCEPTING: PhoneInput[] = [
  { type: "accept", offer: "o1" },
  { type: "described", attempt: 0, sdp: "offer" },
];
const TALKING: PhoneInput[] = [
  ...ACCEPTING,
  { type: "answered", attempt: 0, call: "c1", sdp: "answer" },
  { type: "media_up", attempt: 0 },
];

describe("a call", () => {
  it("opens the microphone, asks with our description, connects with the answer", () => {
    expect(run(ACCEPTING.slice(0, 1)).effects).toEqual([{ do: "open", attempt: 1 }]);
    expect(run(ACCEPTING).effects).toEqual([
      { do: "ask", attempt: 1, purpose: { kind: "accept", offer: "o1" }, sdp: "offer" },
    ]);
    expect(run(TALKING.slice(0, 3)).effects).toEqual([{ do: "connect", attempt: 1, sdp: "answer" }]);
    expect(run(TALKING).state).toEqual({ at: "talking", attempt: 1, call: "c1" });
  });

  it("closes when the server says it is over", () => {
    const { state, effects } = run([...TALKING, { type: "ended", call: "c1" }]);
    expect(state).toMatchObject({ at: "idle", problem: null });
    expect(effects).toEqual([{ do: "close" }]);
  });

  it("is not ended by the end of another", () => {
    expect(run([...TALKING, { type: "ended", call: "c0" }]).state.at).toBe("talking");
  });

  it("takes one command at a time", () => {
    expect(run([...ACCEPTING, { type: "dial", to: "1001" }]).state).toMatchObject({
      at: "asking",
      purpose: { kind: "accept" },
    });
  });
});

describe("what goes wrong", () => {
  it.each(["microphone_denied", "microphone_missing", "no_webrtc"] as const)("stops with a reason: %s", (problem) => {
    const { state, effects } = run([
      { type: "accept", offer: "o1" },
      { type: "failed", attempt: 0, problem },
    ]);
    expect(state).toMatchObject({ at: "idle", problem });
    expect(effects).toEqual([{ do: "close" }]);
  });

  it("keeps the server's word for a refusal, until it was read", () => {
    const refused = run([...ACCEPTING, { type: "refused", attempt: 0, code: "conflict" }]).state;
    expect(refused).toMatchObject({ at: "idle", problem: "refused", code: "conflict" });
    expect(run([{ type: "acknowledge" }], refused).state).toMatchObject({ at: "idle", problem: null, code: null });
  });

  it("drops the microphone when the offer goes away before we asked", () => {
    expect(
      run([
        { type: "accept", offer: "o1" },
        { type: "offer_gone", offer: "o1" },
      ]).state.at,
    ).toBe("idle");
    expect(
      run([
        { type: "accept", offer: "o1" },
        { type: "offer_gone", offer: "o2" },
      ]).state.at,
    ).toBe("preparing");
    expect(run([...ACCEPTING, { type: "offer_gone", offer: "o1" }]).state.at).toBe("asking");
  });

  it("ignores late results of an older attempt", () => {
    const again = run([
      { type: "accept", offer: "o1" },
      { type: "failed", attempt: 0, problem: "microphone_denied" },
      { type: "accept", offer: "o1" },
    ]).state;
    expect(again).toMatchObject({ at: "preparing", attempt: 2 });
    expect(step(again, { type: "described", attempt: 1, sdp: "late" }).state).toBe(again);
  });
});

describe("resume", () => {
  it("asks for the call after a reload", () => {
    const { effects } = run([
      { type: "resume", call: "c1" },
      { type: "described", attempt: 0, sdp: "s" },
    ]);
    expect(effects).toEqual([{ do: "ask", attempt: 1, purpose: { kind: "resume", call: "c1" }, sdp: "s" }]);
  });

  it("is not started over a running attempt", () => {
    expect(run([...TALKING, { type: "resume", call: "c1" }]).state.at).toBe("talking");
  });

  it("follows lost media at once, then at growing distances, then gives up", () => {
    let { state, effects } = run([...TALKING, { type: "media_down", attempt: 0 }]);
    for (const ms of RESUME_DELAYS_MS) {
      expect(effects).toEqual([{ do: "close" }, { do: "retry_later", attempt: state.attempt, ms }]);
      ({ state, effects } = run(
        [
          { type: "retry", attempt: 0 },
          { type: "described", attempt: 0, sdp: "s" },
          { type: "refused", attempt: 0, code: "conflict" },
        ],
        state,
      ));
    }
    expect(state).toMatchObject({ at: "idle", problem: "media_lost" });
  });

  it("ends at once when the call is not ours any more", () => {
    const { state } = run([
      { type: "resume", call: "c1" },
      { type: "described", attempt: 0, sdp: "s" },
      { type: "refused", attempt: 0, code: "not_found" },
    ]);
    expect(state).toMatchObject({ at: "idle", problem: "refused", code: "not_found" });
  });

  it("is dropped when the call ends meanwhile", () => {
    const recovering = run([...TALKING, { type: "media_down", attempt: 0 }]).state;
    expect(run([{ type: "ended", call: "c1" }], recovering).state).toMatchObject({ at: "idle", problem: null });
  });
});

describe("listening to another's call", () => {
  const LISTENING: PhoneInput[] = [
    { type: "monitor", call: "c9", mode: "listen" },
    { type: "described", attempt: 0, sdp: "offer" },
    { type: "answered", attempt: 0, call: "leg1", sdp: "answer" },
    { type: "media_up", attempt: 0 },
  ];
  it("asks for the call in the wanted way and keeps both names", () => {
    expect(run(LISTENING.slice(0, 2)).effects).toEqual([
      { do: "ask", attempt: 1, purpose: { kind: "monitor", call: "c9", mode: "listen" }, sdp: "offer" },
    ]);
    const { state } = run(LISTENING);
    expect(state).toEqual({ at: "talking", attempt: 1, call: "leg1", monitor: { call: "c9", mode: "listen" } });
    expect(monitored(state)).toEqual({ call: "c9", mode: "listen" });
  });
  it("changes the way without a new negotiation", () => {
    const { state, effects } = run([...LISTENING, { type: "monitor_mode", mode: "barge" }]);
    expect(monitored(state)?.mode).toBe("barge");
    expect(effects).toEqual([]);
  });
  it("leaves by hand and tells the server", () => {
    const { state, effects } = run([...LISTENING, { type: "leave" }]);
    expect(state).toMatchObject({ at: "idle", problem: null });
    expect(effects).toEqual([{ do: "close" }, { do: "leave_monitor", call: "c9" }]);
  });
  it("gives up when the media breaks, instead of resuming a call that is not its own", () => {
    const { state, effects } = run([...LISTENING, { type: "media_down", attempt: 0 }]);
    expect(state).toMatchObject({ at: "idle", problem: "media_lost" });
    expect(effects).toContainEqual({ do: "leave_monitor", call: "c9" });
  });
  it("ends with the call", () => {
    expect(run([...LISTENING, { type: "ended", call: "c9" }]).state.at).toBe("idle");
    expect(run([...LISTENING.slice(0, 1), { type: "ended", call: "c9" }]).state.at).toBe("idle");
  });
  it("own calls are not left", () => {
    expect(run([...TALKING, { type: "leave" }]).state.at).toBe("talking");
    expect(monitored(run(TALKING).state)).toBeNull();
  });
});
