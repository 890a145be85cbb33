import type { Alert, AlertStep } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { type AlertsLive, mustRepeat, NEWS_MAX, noAlerts, reduceAlerts, worstOpen } from "./alerts.ts";

const alert = (number: number, change: Partial<Alert> = {}): Alert => ({
  number,
  rule: "waiting_warn",
  name: { zh: "z", en: "e" },
  metric: "waiting",
  scope: { of: "tenant" },
  level: "warn",
  fired_at: 1_764_000_000_000_000,
  value: 12,
  threshold: 10,
  acknowledged: null,
  escalated_at: null,
  cleared_at: null,
  ...change,
});
const acknowledged = { by: "u", at: 1_764_000_009_000_000 };
const told = (messages: [AlertStep, Alert][], from: AlertsLive = noAlerts) =>
  messages.reduce((state, [what, one], now) => reduceAlerts(state, "alert", { what, alert: one }, now), from);

describe("reduceAlerts", () => {
  it("a snapshot is no news", () => {
    const state = reduceAlerts(noAlerts, "reset", { alerts: [alert(1), alert(2)] }, 1);
    expect([...state.active.keys()]).toEqual([1, 2]);
    expect(state.news).toEqual([]);
  });

  it("firing is news until somebody looks after it or it clears", () => {
    const fired = told([
      ["fired", alert(1)],
      ["fired", alert(2)],
    ]);
    expect(fired.news.map((one) => one.alert)).toEqual([1, 2]);
    expect(told([["acknowledged", alert(1, { acknowledged })]], fired).news.map((one) => one.alert)).toEqual([2]);
    const cleared = told([["cleared", alert(1, { cleared_at: 1 })]], fired);
    expect(cleared.news.map((one) => one.alert)).toEqual([2]);
    expect([...cleared.active.keys()]).toEqual([2]);
  });

  it("telling it again is news of its own", () => {
    const state = told([
      ["fired", alert(1)],
      ["escalated", alert(1, { escalated_at: 1 })],
    ]);
    expect(state.news.map((one) => one.key)).toEqual(["1:escalated"]);
  });

  it("a reconnect drops news of what is over", () => {
    const state = reduceAlerts(told([["fired", alert(1)]]), "reset", { alerts: [] }, 9);
    expect(state).toEqual({ active: new Map(), news: [] });
  });

  it("a storm is bounded", () => {
    const all = Array.from({ length: NEWS_MAX + 5 }, (_, i): [AlertStep, Alert] => ["fired", alert(i)]);
    const state = told(all);
    expect(state.news).toHaveLength(NEWS_MAX);
    expect(state.news.at(-1)?.alert).toBe(NEWS_MAX + 4);
    expect(state.active.size).toBe(NEWS_MAX + 5);
  });

  it("ignores what it does not know", () => {
    expect(reduceAlerts(noAlerts, "later_invention", {}, 1)).toBe(noAlerts);
  });
});

describe("loudness", () => {
  const of = (...list: Alert[]) => new Map(list.map((one) => [one.number, one]));
  it("takes the worst that nobody looks after", () => {
    expect(worstOpen(of())).toBeNull();
    expect(worstOpen(of(alert(1)))).toBe("warn");
    expect(worstOpen(of(alert(1), alert(2, { level: "critical" })))).toBe("critical");
    expect(worstOpen(of(alert(1), alert(2, { level: "critical", acknowledged })))).toBe("warn");
  });
  it("repeats what was escalated, until it is looked after", () => {
    expect(mustRepeat(of(alert(1)))).toBe(false);
    expect(mustRepeat(of(alert(1, { escalated_at: 1 })))).toBe(true);
    expect(mustRepeat(of(alert(1, { escalated_at: 1, acknowledged })))).toBe(false);
  });
});
