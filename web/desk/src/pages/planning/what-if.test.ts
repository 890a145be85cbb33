import { describe, expect, it } from "vitest";
import { changesOf, type Draft, draftOf, isIncomplete, isUnchanged, type RuleRow } from "./what-if.ts";

const rule = (change: Partial<RuleRow>): RuleRow => ({
  id: 1,
  when: "vip",
  value: "",
  priority: 5,
  needs: "",
  queue: null,
  ...change,
});
const nobody = { vip: null, tag: null, company: null, number: null, menu_digit: null };

describe("what-if", () => {
  it("sends only what was changed", () => {
    expect(changesOf(draftOf())).toEqual({
      arrivals_factor: null,
      queues: [],
      rules: { removed: [], added: [] },
      agents: { added: [], removed: [], changed: [] },
    });
    expect([isUnchanged(changesOf(draftOf())), isIncomplete(draftOf())]).toEqual([true, false]);
    const draft: Draft = {
      ...draftOf(),
      arrivals_percent: 120,
      removed: ["li.na"],
      added: [
        { id: 1, count: 2, queues: ["service"], level: 1, from_h: 9, to_h: 18, skill: "english", skill_level: 5 },
        { id: 2, count: 1, queues: [], level: 1, from_h: null, to_h: null, skill: "", skill_level: null },
      ],
      skills: [{ id: 3, username: "wang.qiang", skill: "billing", level: 9 }],
      queues: [
        {
          id: 4,
          queue: "tech",
          strategy: null,
          handling_percent: 90,
          wrap_up_percent: null,
          priority: null,
          needs: " * ",
          overflow: "service",
        },
      ],
    };
    expect([isUnchanged(changesOf(draft)), isIncomplete(draft)]).toEqual([false, true]);
    expect(changesOf(draft)).toEqual({
      arrivals_factor: 1.2,
      queues: [
        {
          queue: "tech",
          strategy: null,
          handling_factor: 0.9,
          wrap_up_factor: null,
          priority: null,
          needs: "*",
          overflow: { do: "queue", queue: "service" },
        },
      ],
      rules: { removed: [], added: [] },
      agents: {
        added: [
          {
            count: 2,
            queues: [{ queue: "service", level: 1 }],
            skills: { english: 5 },
            shift: { from_h: 9, to_h: 18 },
          },
        ],
        removed: ["li.na"],
        changed: [{ username: "wang.qiang", skills: { billing: 9 } }],
      },
    });
  });
});

describe("what-if rules", () => {
  const sent = (...rules: RuleRow[]) => changesOf({ ...draftOf(), rules }).rules.added;
  it("switches rules off by name", () => {
    const changes = changesOf({ ...draftOf(), rules_off: ["vip", "service.gold"] });
    expect(changes.rules).toEqual({ removed: ["vip", "service.gold"], added: [] });
    expect(isUnchanged(changes)).toBe(false);
  });
  it("makes a whole rule of a row", () => {
    expect(sent(rule({ id: 3, needs: " english >= 3 ", queue: "service" }))).toEqual([
      {
        key: "what-if-3",
        name: { zh: "what-if-3", en: "what-if-3" },
        when: { ...nobody, vip: true },
        priority: 5,
        needs: "english >= 3",
        prefer_last_agent_ms: null,
        queue: "service",
        enabled: true,
      },
    ]);
    expect(isUnchanged(changesOf({ ...draftOf(), rules: [rule({})] }))).toBe(false);
  });
  it.each([
    ["everybody", "", {}],
    ["vip", "", { vip: true }],
    ["tag", " gold ", { tag: "gold" }],
    ["company", "Spruce", { company: "Spruce" }],
    ["number", "95001", { number: "95001" }],
    ["menu_digit", "#", { menu_digit: "#" }],
  ] as const)("asks for %s", (when, value, asked) => {
    expect(sent(rule({ when, value }))[0]?.when).toEqual({ ...nobody, ...asked });
  });
  it.each([
    ["a value", { when: "tag", value: " " }],
    ["anything it does", { priority: null }],
    ["anything it does but blanks", { priority: 0, needs: "  " }],
  ] as const)("leaves out a row that lacks %s", (_, change) => {
    const draft = { ...draftOf(), rules: [rule(change)] };
    expect([isIncomplete(draft), isUnchanged(changesOf(draft))]).toEqual([true, true]);
  });
  it.each([
    { priority: 1 },
    { priority: null, needs: "billing" },
    { priority: null, queue: "tech" },
    { when: "menu_digit", value: "0" },
  ] as const)("is content with %o", (change) => {
    expect(isIncomplete({ ...draftOf(), rules: [rule(change)] })).toBe(false);
  });
});
