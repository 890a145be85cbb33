import { describe, expect, it } from "vitest";
import { type AlertsLive, mustRepeat, NEWS_MAX, noAlerts, reduceAlerts, worstOpen } from "./alerts.ts";
import type { Alert, AlertWhat } from "./monitor-types.ts";

const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
  id,
  rule: "waiting_warn",
  name: { zh: "z", en: "e" },
  metric: "waiting",
  scope: { of: "tenant" },
  level: "warn",
  fired_at: "2026-11-22T08:00:00Z",
  value: 12,
  threshold: 10,
  acknowledged: null,
  escalated_at: null,
  cleared_at: null,
  ...change,
});
const acknowledged = { by: "u", at: "2026-11-22T08:00:09Z" };
const told = (messages: [AlertWhat, Alert][], from: AlertsLive = noAlerts) =>
  messages.reduce((state, [what, one], now) => reduceAlerts(state, "alert", { what, alert: one }, now), from);

describe("reduceAlerts", () => {
  it("a snapshot is no news", () => {
    const state = reduceAlerts(noAlerts, "reset", { alerts: [alert("a"), alert("b")] }, 1);
    expect([...state.active.keys()]).toEqual(["a", "b"]);
    expect(state.news).toEqual([]);
  });

  it("firing is news until somebody looks after it or it clears", () => {
    const fired = told([
      ["fired", alert("a")],
      ["fired", alert("b")],
    ]);
    expect(fired.news.map((one) => one.alert)).toEqual(["a", "b"]);
    expect(told([["acknowledged", alert("a", { acknowledged })]], fired).news.map((one) => one.alert)).toEqual(["b"]);
    const cleared = told([["cleared", alert("a", { cleared_at: "x" })]], fired);
    expect(cleared.news.map((one) => one.alert)).toEqual(["b"]);
    expect([...cleared.active.keys()]).toEqual(["b"]);
  });

  it("telling it again is news of its own", () => {
    const state = told([
      ["fired", alert("a")],
      ["escalated", alert("a", { escalated_at: "x" })],
    ]);
    expect(state.news.map((one) => one.key)).toEqual(["a:escalated"]);
  });

  it("a reconnect drops news of what is over", () => {
    const state = reduceAlerts(told([["fired", alert("a")]]), "reset", { alerts: [] }, 9);
    expect(state).toEqual({ active: new Map(), news: [] });
  });

  it("a storm is bounded", () => {
    const all = Array.from({ length: NEWS_MAX + 5 }, (_, i): [AlertWhat, Alert] => ["fired", alert(`a${i}`)]);
    const state = told(all);
    expect(state.news).toHaveLength(NEWS_MAX);
    expect(state.news.at(-1)?.alert).toBe(`a${NEWS_MAX + 4}`);
    expect(state.active.size).toBe(NEWS_MAX + 5);
  });

  it("ignores what it does not know", () => {
    expect(reduceAlerts(noAlerts, "later_invention", {}, 1)).toBe(noAlerts);
  });
});

describe("loudness", () => {
  const of = (...list: Alert[]) => new Map(list.map((one) => [one.id, one]));
  it("takes the worst that nobody looks after", () => {
    expect(worstOpen(of())).toBeNull();
    expect(worstOpen(of(alert("a")))).toBe("warn");
    expect(worstOpen(of(alert("a"), alert("b", { level: "critical" })))).toBe("critical");
    expect(worstOpen(of(alert("a"), alert("b", { level: "critical", acknowledged })))).toBe("warn");
  });
  it("repeats what was escalated, until it is looked after", () => {
    expect(mustRepeat(of(alert("a")))).toBe(false);
    expect(mustRepeat(of(alert("a", { escalated_at: "x" })))).toBe(true);
    expect(mustRepeat(of(alert("a", { escalated_at: "x", acknowledged })))).toBe(false);
  });
});
