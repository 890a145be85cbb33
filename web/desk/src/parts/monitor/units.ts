/** Numbers of metrics as people read them. Their width changes as little as the number allows. */

import type { MetricUnit } from "@zhiyin/client/model";
import { currentLocale } from "../../i18n/index.ts";
import { clock } from "../time.ts";

const MINUTE_S = 60;
export const NO_VALUE = "–";

function decimals(value: number, digits: number): string {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(currentLocale(), format).format(value);
}

/** `12`, `82.5%`, `01:05` (seconds as a clock), `0.75`; null is a dash. */
export function formatValue(unit: MetricUnit, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
  switch (unit) {
    case "count":
      return decimals(value, 0);
    case "percent":
      // A hundred is a hundred: one digit less keeps it in its box.
      return `${decimals(value, value >= 99.95 ? 0 : 1)}%`;
    case "seconds":
      return clock(Math.round(value) * 1000);
    case "ratio":
      return decimals(value, 2);
  }
}

/** A threshold as it was typed, with its unit: `20s`, and from a minute on a clock; no rounding. */
export function formatBound(unit: MetricUnit, value: number): string {
  const plain = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 3 }).format(value);
  if (unit === "percent") return `${plain}%`;
  if (unit !== "seconds") return plain;
  const seconds = { style: "unit", unit: "second", unitDisplay: "narrow", maximumFractionDigits: 3 } as const;
  const isClock = value >= MINUTE_S && Number.isInteger(value);
  return isClock ? clock(value * 1000) : new Intl.NumberFormat(currentLocale(), seconds).format(value);
}
