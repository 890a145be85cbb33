import type { AgentLive, AgentStatus, WaitingLive } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { gridWindow, membership, queueFigures, type RosterFilter, roster, step } from "./roster.ts";

const agent = (user: string, status: AgentStatus, since: number, queues: string[] = []) =>
  ({ user, status, since, queues }) as AgentLive;
const ALL: RosterFilter = { agent: null, queue: null, team: null, state: null, all: false, search: "" };
const people: Record<string, { name: string; team: string | null }> = {
  a: { name: "Li Na", team: "t1" },
  b: { name: "Wang", team: "t2" },
  c: { name: "Emma", team: "t1" },
  d: { name: "Zhao", team: null },
};
const personOf = (user: string) => people[user] ?? { name: user, team: null };
const agents = [
  agent("a", "on_call", 50, ["q1"]),
  agent("b", "available", 40, ["q1", "q2"]),
  agent("c", "available", 30, ["q2"]),
  agent("d", "offline", 1, ["q1"]),
];
const shown = (filter: Partial<RosterFilter>) =>
  roster(agents, { ...ALL, ...filter }, personOf)
    .map((one) => one.user)
    .join("");

describe("roster", () => {
  it.each<[string, Partial<RosterFilter>, string]>([
    ["those signed in, the free and longest first", {}, "cba"],
    ["all", { all: true }, "cbad"],
    ["a state", { state: "available" }, "cb"],
    ["offline as a state needs no switch", { state: "offline" }, "d"],
    ["a queue", { queue: "q1" }, "ba"],
    ["a team", { team: "t1" }, "ca"],
    ["a name", { search: " EMM" }, "c"],
    ["a name in full-width letters", { search: "\uff25mma" }, "c"],
    ["a queue and a state", { queue: "q2", state: "on_call" }, ""],
    ["one agent, whatever the state", { agent: "d", state: "break" }, "d"],
  ])("%s", (_name, filter, users) => expect(shown(filter)).toBe(users));
});

describe("queueFigures", () => {
  it("counts who waits since when and who is there", () => {
    const waiting = [
      { queue: "q1", since: 9 },
      { queue: "q1", since: 4 },
    ] as WaitingLive[];
    const figures = queueFigures(agents, waiting);
    expect(figures.get("q1")).toEqual({ waiting: 2, since: 4, available: 1, signedIn: 2 });
    expect(figures.get("q2")).toEqual({ waiting: 0, since: null, available: 2, signedIn: 2 });
    expect(figures.get("q3")).toBeUndefined();
  });
});

describe("membership", () => {
  it.each([
    [["a", "b"], ["b", "c"], { add: ["c"], remove: ["a"] }],
    [["a"], ["a"], { add: [], remove: [] }],
    [[], ["a"], { add: ["a"], remove: [] }],
  ])("%j to %j", (before, after, change) => expect(membership(before, after)).toEqual(change));
});

describe("gridWindow", () => {
  it("paints what is seen and a little around", () => {
    expect(gridWindow(500, 5, 100, 2000, 700)).toEqual({ first: 85, last: 150, before: 1700, height: 10_000 });
  });
  it("stays within the list", () => {
    expect(gridWindow(500, 5, 100, -300, 700)).toMatchObject({ first: 0, before: 0 });
    expect(gridWindow(7, 5, 100, 0, 700)).toEqual({ first: 0, last: 7, before: 0, height: 200 });
    expect(gridWindow(0, 5, 100, 0, 700)).toEqual({ first: 0, last: 0, before: 0, height: 0 });
    expect(gridWindow(500, 5, 100, 99_999, 700).last).toBe(500);
  });
});

describe("step", () => {
  it.each([
    ["ArrowRight", 0, 1],
    ["ArrowLeft", 0, 0],
    ["ArrowDown", 1, 4],
    ["ArrowDown", 6, 6],
    ["ArrowUp", 4, 1],
    ["Home", 5, 0],
    ["End", 2, 7],
    ["x", 2, 2],
  ])("%s from %i leads to %i", (key, at, to) => expect(step(key, at, 8, 3)).toBe(to));
});
