/** The dates that a month's page shows, and how the open hours of one lie within its day. */

/** Whole weeks, Monday first, that hold the month `2026-10`. */
export function monthGrid(month: string): { from: string; days: number } {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  const first = Date.UTC(year, number - 1, 1);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { from: isoDate(first - lead * DAY_MS), days: Math.ceil((lead + length) / 7) * 7 };
}

/** `2026-12` and 1 give `2027-01`. */
export function shiftMonth(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return isoDate(Date.UTC(year, number - 1 + by, 1)).slice(0, 7);
}

/** The date on the wall in a time zone, `2026-10-01`. A zone the browser does not know counts as the browser's own. */
export function dateIn(us: number, timeZone: string): string {
  const parts: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
  return withZone(timeZone, (zone) =>
    new Intl.DateTimeFormat("en-CA", { ...parts, ...zone }).format(new Date(us / 1000)),
  );
}

/** `09:00` in a time zone. */
export function clockIn(us: number, timeZone: string): string {
  const parts: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return withZone(timeZone, (zone) =>
    new Intl.DateTimeFormat("en-GB", { ...parts, ...zone }).format(new Date(us / 1000)),
  );
}

/** `09:00–18:00`; the end of the day is `24:00`. */
export function spanWords(span: { from: number; to: number }, timeZone: string): string {
  const end = clockIn(span.to, timeZone);
  return `${clockIn(span.from, timeZone)}–${end === "00:00" ? "24:00" : end}`;
}

/** The same, as short as it can be read: `9–12`, `8:30–20`. */
export function shortSpan(span: { from: number; to: number }, timeZone: string): string {
  return spanWords(span, timeZone)
    .replace(/\b0(\d:)/g, "$1")
    .replaceAll(":00", "");
}

/** Where a stretch lies in its day, per cent of the day's width. */
export function spanPlace(span: { from: number; to: number }, timeZone: string): { left: number; width: number } {
  const minutes = (words: string) => Number(words.slice(0, 2)) * 60 + Number(words.slice(3, 5));
  const from = minutes(clockIn(span.from, timeZone));
  const to = minutes(clockIn(span.to, timeZone)) || DAY_MIN;
  return { left: (from / DAY_MIN) * 100, width: (Math.max(to - from, 0) / DAY_MIN) * 100 };
}

const DAY_MS = 86_400_000;
const DAY_MIN = 1440;

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function withZone(timeZone: string, format: (zone: { timeZone?: string }) => string): string {
  try {
    return format({ timeZone });
  } catch {
    return format({});
  }
}
