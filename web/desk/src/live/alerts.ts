/** Which alerts are active, and what of it is news to the person at this page. Pure. */
import type { Alert, AlertLevel, AlertStep } from "@zhiyin/client/model";

/** Something to pop up: an alert that fired, or was told again louder. */
export interface AlertNews {
  /** Changes when the alert is told again: who closed the first one sees the second. */
  key: string;
  alert: number;
  what: "fired" | "escalated";
  /** Local milliseconds. */
  at: number;
}

export interface AlertsLive {
  /** By number. */
  active: ReadonlyMap<number, Alert>;
  /** Oldest first. */
  news: readonly AlertNews[];
}

export const noAlerts: AlertsLive = { active: new Map(), news: [] };

/** A storm of alerts pops up this many at most; the list has all. */
export const NEWS_MAX = 20;

export function reduceAlerts(state: AlertsLive, type: string, data: unknown, now: number): AlertsLive {
  if (type === "reset") {
    const active = new Map((data as { alerts: Alert[] }).alerts.map((one) => [one.number, one]));
    return { active, news: state.news.filter((one) => isOpen(active.get(one.alert))) };
  }
  if (type !== "alert") return state;
  const { what, alert } = data as { what: AlertStep; alert: Alert };
  const active = new Map(state.active);
  if (what === "cleared") active.delete(alert.number);
  else active.set(alert.number, alert);
  const news = state.news.filter((one) => one.alert !== alert.number);
  if (what === "fired" || what === "escalated")
    news.push({ key: `${alert.number}:${what}`, alert: alert.number, what, at: now });
  return { active, news: news.slice(-NEWS_MAX) };
}

/** Nobody has said yet that they look after it. */
export function isOpen(alert: Alert | undefined): boolean {
  return alert !== undefined && alert.acknowledged === null;
}

/** The loudest of those nobody looks after: the colour of the bell. */
export function worstOpen(active: ReadonlyMap<number, Alert>): AlertLevel | null {
  let worst: AlertLevel | null = null;
  for (const alert of active.values()) {
    if (!isOpen(alert)) continue;
    if (alert.level === "critical") return "critical";
    worst = "warn";
  }
  return worst;
}

/** An escalated alert sounds again and again until somebody looks after it. */
export function mustRepeat(active: ReadonlyMap<number, Alert>): boolean {
  return [...active.values()].some((one) => one.escalated_at !== null && isOpen(one));
}
