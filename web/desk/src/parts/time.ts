/** Durations and times as people read them. All instants are microseconds UTC, all durations milliseconds. */
import { serverNow } from "@zhiyin/client/http";
import { useSyncExternalStore } from "react";
import { currentLocale } from "../i18n/index.ts";

/** `00:42`, `12:07`, `1:02:03`. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

export function elapsedMs(since: number, now = serverNow()): number {
  return Math.max(0, (now - since) / 1000);
}

/** Time of day with seconds, of local milliseconds. */
export function timeOfDay(ms: number): string {
  const format: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  };
  return new Intl.DateTimeFormat(currentLocale(), format).format(new Date(ms));
}

const isToday = (at: Date, now: Date) => at.toDateString() === now.toDateString();

/** Time of day for today, date and time before. */
export function shortTime(us: number): string {
  const at = new Date(us / 1000);
  const format: Intl.DateTimeFormatOptions = isToday(at, new Date())
    ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(currentLocale(), format).format(at);
}

/** With date, seconds and zone, for hovering and for records. */
export function exactTime(us: number): string {
  const format: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  };
  return new Intl.DateTimeFormat(currentLocale(), format).format(new Date(us / 1000));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** `3 minutes ago`, in the language of the page. */
export function relativeTime(us: number, now = serverNow()): string {
  const seconds = Math.round((us - now) / 1e6);
  const words = new Intl.RelativeTimeFormat(currentLocale(), { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, "second");
}

const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

function subscribeTick(listener: () => void): () => void {
  tickers.add(listener);
  timer ??= setInterval(() => {
    tick += 1;
    for (const one of tickers) one();
  }, 500);
  return () => {
    tickers.delete(listener);
    if (tickers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Repaints twice a second: one timer for every clock on the page. */
export function useTick(): number {
  return useSyncExternalStore(subscribeTick, () => tick);
}
