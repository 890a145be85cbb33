import type { AgentLive, CallCard, Customer, OfferCard } from "@zhiyin/client/model";
import type { StreamMessage } from "@zhiyin/client/socket";
import { describe, expect, it } from "vitest";
import { connectionChanged, initialState, type LiveState, reduce } from "./state.ts";

const customer = {
  id: "c1",
  name: "Li",
  phones: [],
  email: null,
  company: null,
  tags: [],
  vip: true,
  note: null,
} as unknown as Customer;
const agent = (change: Partial<AgentLive> = {}): AgentLive => ({
  user: "u1",
  status: "available",
  reason: null,
  since: 1,
  next: null,
  device: "browser",
  phone_registered: false,
  interaction: null,
  works: [],
  queues: [],
  ...change,
});
const offer = (id = "o1") =>
  ({
    offer: id,
    interaction: "i1",
    agent: "u1",
    queue: "q1",
    remote: "138",
    expires_at: 9,
    waited_ms: 1,
    customer_card: customer,
    recent: [],
  }) as unknown as OfferCard;
const call = (change: Partial<CallCard> = {}) =>
  ({
    call: "i1",
    state: "connected",
    held: false,
    muted: false,
    customer_card: customer,
    resume_until: null,
    ...change,
  }) as unknown as CallCard;

function run(messages: [StreamMessage["topic"], string, unknown][], from: LiveState = initialState): LiveState {
  return messages.reduce((state, [topic, type, data], seq) => reduce(state, { topic, type, seq, data }, seq), from);
}

describe("me", () => {
  it("takes the snapshot", () => {
    const state = run([["me", "reset", { agent: agent(), offer: null, call: call() }]]);
    expect(state).toMatchObject({
      ready: true,
      agent: { status: "available" },
      call: { call: "i1" },
      lastCall: { call: "i1" },
    });
  });

  it("shows an offer until it ends, and keeps its reason for the call", () => {
    const ringing = run([["me", "offer", offer()]]);
    expect(ringing.offer?.offer).toBe("o1");
    const ended = run([["me", "offer_ended", { offer: "o1", agent: "u1", result: "no_answer" }]], ringing);
    expect(ended.offer).toBeNull();
    expect(ended.offerResult).toEqual({ offer: "o1", result: "no_answer" });
    expect(ended.lastOffer?.offer).toBe("o1");
  });

  it("ignores the end of an older offer", () => {
    const state = run([
      ["me", "offer", offer("o2")],
      ["me", "offer_ended", { offer: "o1", agent: "u1", result: "declined" }],
    ]);
    expect(state.offer?.offer).toBe("o2");
  });

  it("keeps the customer over changes that do not repeat it, but not over another call", () => {
    const held = run([
      ["me", "call", call()],
      ["me", "call", call({ held: true, customer_card: null })],
    ]);
    expect(held.call).toMatchObject({ held: true, customer_card: { id: "c1" } });
    const other = run([["me", "call", call({ call: "i2", customer_card: null })]], held);
    expect(other.call?.customer_card).toBeNull();
  });

  it.each([
    ["call_ended", { call: "i1" }],
    ["call", call({ state: "ended" })],
    ["call", call({ state: "lost" })],
  ])("moves an ended call to the wrap-up (%s)", (type, data) => {
    const state = run([
      ["me", "call", call()],
      ["me", type, data],
    ]);
    expect(state.call).toBeNull();
    expect(state.lastCall).toMatchObject({ call: "i1", customer_card: { id: "c1" } });
  });

  it("does not end a call by another's end", () => {
    const state = run([
      ["me", "call", call()],
      ["me", "call_ended", { call: "i0" }],
    ]);
    expect(state.call?.call).toBe("i1");
  });

  it("remembers a call that ended while the stream was away", () => {
    const state = run([
      ["me", "call", call()],
      ["me", "reset", { agent: agent({ status: "wrap_up", interaction: "i1" }), offer: null, call: null }],
    ]);
    expect(state.call).toBeNull();
    expect(state.lastCall?.call).toBe("i1");
  });
});

describe("the floor", () => {
  it("keeps agents' names when a change leaves them out", () => {
    const state = run([
      ["agents", "reset", { agents: [{ ...agent(), display_name: "Wang" }] }],
      ["agents", "agent", agent({ status: "break" })],
    ]);
    expect(state.agents.get("u1")).toMatchObject({ display_name: "Wang", status: "break" });
  });

  it("adds and removes waiting calls", () => {
    const state = run([
      ["waiting", "reset", { waiting: [{ interaction: "a" }, { interaction: "b" }] }],
      ["waiting", "waiting", { interaction: "c" }],
      ["waiting", "waiting_ended", { interaction: "a", queue: "q" }],
    ]);
    expect([...state.waiting.keys()]).toEqual(["b", "c"]);
  });

  it("drops calls that end, in either way", () => {
    const state = run([
      ["calls", "reset", { calls: [call({ call: "a" }), call({ call: "b" }), call({ call: "z", state: "ended" })] }],
      ["calls", "call", call({ call: "c" })],
      ["calls", "call_ended", { call: "a" }],
      ["calls", "call", call({ call: "b", state: "ended" })],
    ]);
    expect([...state.calls.keys()]).toEqual(["c"]);
  });

  it("replaces everything on a reset", () => {
    const state = run([
      ["trunks", "trunk", { key: "old", state: "up" }],
      ["trunks", "reset", { trunks: [{ key: "new", state: "down" }] }],
    ]);
    expect([...state.trunks.keys()]).toEqual(["new"]);
  });

  it.each<[StreamMessage["topic"], string]>([
    ["me", "news"],
    ["agents", "news"],
    ["waiting", "news"],
    ["calls", "news"],
    ["trunks", "news"],
    ["hello", "hello"],
  ])("changes nothing on what it does not know (%s %s)", (topic, type) => {
    expect(reduce(initialState, { topic, type, seq: 1, data: {} }, 1)).toBe(initialState);
  });
});

describe("connection", () => {
  it("says since when, through retries, until it lives again", () => {
    const ready = { ...initialState, ready: true };
    const lost = connectionChanged(ready, "lost", 1000);
    expect(lost.staleSince).toBe(1000);
    expect(connectionChanged(lost, "connecting", 5000).staleSince).toBe(1000);
    expect(connectionChanged(lost, "live", 6000).staleSince).toBeNull();
  });
  it("is silent during the first connect", () => {
    expect(connectionChanged(initialState, "connecting", 1000).staleSince).toBeNull();
  });
});
