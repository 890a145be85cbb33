/** Planning's numbers as people read them, and as a spreadsheet does. */
import type { Simulated } from "@zhiyin/client/model";
import { currentLocale } from "../../i18n/index.ts";
import type { Maybe } from "./chart.ts";

export const NONE = "–";

/** What a figure is: a share of one, seconds, or a number. */
export type Kind = "share" | "seconds" | "number";

export function shown(kind: Kind, value: Maybe, digits = kind === "number" ? 0 : 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const scaled = kind === "share" ? value * 100 : value;
  const text = new Intl.NumberFormat(currentLocale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(scaled);
  if (kind === "share") return `${text}%`;
  return kind === "seconds" ? `${text} s` : text;
}

/** With its sign. */
export function signed(kind: Kind, value: Maybe, digits?: number): string {
  const text = shown(kind, value, digits);
  return value !== null && value !== undefined && value > 0 ? `+${text}` : text;
}

/** `+1.2% (0.4% … 2.0%)` */
export function ranged(kind: Kind, one: Simulated, digits?: number): string {
  if (one.low === null || one.low === undefined || one.high === null || one.high === undefined)
    return signed(kind, one.value, digits);
  return `${signed(kind, one.value, digits)} (${signed(kind, one.low, digits)} … ${signed(kind, one.high, digits)})`;
}

/** The interval does not hold 0. */
export function isReal(one: Simulated): boolean {
  return (one.low ?? 0) > 0 || (one.high ?? 0) < 0;
}

/** `09:15`, also `33:15` of a second day as `2 · 09:15`. */
export function timeAt(seconds: number): string {
  const [day, rest] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}`;
  return day > 0 ? `${day + 1} · ${clock}` : clock;
}

/** Comma-separated values; a cell that begins like a formula stays text. */
export function csv(rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cell = (one: string | number | null | undefined) => {
    if (typeof one === "number") return Number.isFinite(one) ? String(one) : "";
    const text = one ?? "";
    const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Gives a text to the browser as a file. The mark at its begin tells spreadsheets that it is UTF-8. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
