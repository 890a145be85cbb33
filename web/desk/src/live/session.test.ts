import type { AgentLive, CallCard } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { shouldResume, topicsFor } from "./session.ts";
import { initialState, type LiveState } from "./state.ts";

const state = (call: Partial<CallCard> | null, device: AgentLive["device"] = "browser"): LiveState => ({
  ...initialState,
  agent: { device } as AgentLive,
  call: call && ({ call: "c1", state: "connected", resume_until: null, ...call } as CallCard),
});

describe("shouldResume", () => {
  it.each<[string, LiveState, string, string | null]>([
    ["a snapshot with a connected call", state({}), "reset", "c1"],
    ["a snapshot while dialling", state({ state: "dialling" }), "reset", "c1"],
    ["a snapshot without a call", state(null), "reset", null],
    ["a call on the desk phone", state({}, "desk_phone"), "reset", null],
    ["a call that is just beginning", state({}), "call", null],
    ["a call whose media the server lost", state({ resume_until: 5 }), "call", "c1"],
    ["a call still in the queue", state({ state: "waiting" }), "reset", null],
  ])("%s", (_name, live, type, expected) => {
    expect(shouldResume(live, { topic: "me", type })).toBe(expected);
  });
});

describe("topicsFor", () => {
  const may = (...names: string[]) => names.map((permission) => ({ permission, scope: "all" as const }));
  it.each([
    [[], []],
    [["agent.work"], ["me"]],
    [["live.view"], ["agents", "waiting", "calls", "trunks", "alerts"]],
    [
      ["agent.work", "live.view"],
      ["me", "agents", "waiting", "calls", "trunks", "alerts"],
    ],
  ])("%j follows %j", (permissions, topics) => {
    expect(topicsFor(may(...permissions))).toEqual(topics);
  });
});
