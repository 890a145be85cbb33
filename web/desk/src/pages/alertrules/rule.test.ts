import type { AlertRuleBody, MetricDefinition, MetricName } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { BLANK_RULE, clockOf, conditionFits, minutesOf, toBody, toForm } from "./rule.ts";

const rule: AlertRuleBody = {
  key: "night",
  name: { zh: "夜间", en: "Night" },
  enabled: true,
  level: "critical",
  each: null,
  join: "any",
  conditions: [
    { metric: "waiting", scope: null, window: "now", compare: "above", threshold: 10, n_min: 0, for_ms: 0 },
    {
      metric: "asa",
      scope: { of: "queue", queue: "q1" },
      window: "last_15_min",
      compare: "at_least",
      threshold: 20,
      n_min: 5,
      for_ms: null,
    },
  ],
  clear_ratio: 0.9,
  mutes: [
    { when: "daily", from_min: 1320, until_min: 450 },
    { when: "once", from: 1_000_000, until: 2_000_000 },
  ],
  escalate_after_ms: 300_000,
  notify: [{ to: "app" }, { to: "webhook", webhook: "pager" }],
};

describe("a rule in its form", () => {
  it("comes back as it was", () => expect(toBody(toForm(rule))).toEqual(rule));
  it("a row of the list brings nothing along that the API does not know", () => {
    const row = { ...rule, id: "x", version: 3 };
    expect(toBody(toForm(row))).toEqual(rule);
  });
  it("the blank one is for each queue and shown in the app", () => {
    expect(toBody(BLANK_RULE)).toMatchObject({ each: "queue", notify: [{ to: "app" }], escalate_after_ms: null });
  });
  it("drops mutes that are not filled in", () => {
    const form = { ...BLANK_RULE, mutes: [{ when: "daily" as const, from: "25:00", until: "08:00" }] };
    expect(toBody(form).mutes).toEqual([]);
    expect(toBody({ ...BLANK_RULE, mutes: [{ when: "once", between: null }] }).mutes).toEqual([]);
  });
});

describe("time of day", () => {
  it.each([
    ["00:00", 0],
    ["8:30", 510],
    ["23:59", 1439],
    ["\uff10\uff18\uff1a\uff13\uff10", 510],
    ["24:00", null],
    ["8", null],
    ["", null],
  ])("%j is %s", (text, minutes) => expect(minutesOf(text)).toBe(minutes));
  it.each([
    [0, "00:00"],
    [510, "08:30"],
    [1439, "23:59"],
  ])("%i is %s", (minutes, text) => expect(clockOf(minutes)).toBe(text));
});

describe("conditionFits", () => {
  const metric = (id: string, scopes: MetricDefinition["scopes"], windows: MetricDefinition["windows"]) =>
    [id, { id, scopes, windows } as MetricDefinition] as const;
  const metrics = new Map([
    metric("waiting", ["tenant", "queue"], ["now"]),
    metric("longest_wrap_up", ["tenant", "queue", "agent"], ["now"]),
  ]);
  it.each([
    ["waiting", null, "queue", true],
    ["waiting", null, "none", true],
    ["waiting", null, "agent", false],
    ["longest_wrap_up", null, "agent", true],
    ["waiting", { of: "tenant" }, "agent", true],
    ["waiting", { of: "queue", queue: "" }, "none", false],
    ["nothing", null, "queue", false],
  ] as const)("%s of %o for each %s: %s", (id, scope, each, expected) => {
    expect(conditionFits({ metric: id as MetricName, scope, window: "now" }, each, metrics)).toBe(expected);
  });
  it("a window that the metric has not", () => {
    expect(conditionFits({ metric: "waiting", scope: null, window: "today" }, "queue", metrics)).toBe(false);
  });
});
