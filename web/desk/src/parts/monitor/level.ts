/** The colour of a number, by the same rule as the server: for the preview while a board is edited. Pure. */
import type { MetricBetter, MetricUnit, MetricValue, Thresholds, TileLevel } from "@zhiyin/client/model";

/** Whether large numbers are the bad ones. */
export function badIsAbove(thresholds: Pick<Thresholds, "warn" | "critical">, better: MetricBetter): boolean {
  return thresholds.warn === thresholds.critical ? better !== "higher" : thresholds.critical > thresholds.warn;
}

/** Without the memory of the colour before, which only the server has: a colour here goes at its threshold at once. */
export function levelOf(
  value: Pick<MetricValue, "value" | "n"> | null,
  thresholds: Thresholds | null | undefined,
  better: MetricBetter,
): TileLevel {
  if (!value) return "no_data";
  if (!thresholds) return "ok";
  if (value.n < thresholds.n_min) return "no_data";
  const above = badIsAbove(thresholds, better);
  const reached = (bound: number) => (above ? value.value > bound : value.value < bound);
  if (reached(thresholds.critical)) return "critical";
  return reached(thresholds.warn) ? "warn" : "ok";
}

/** Thresholds that make sense for a new tile of this metric. */
export function firstThresholds(unit: MetricUnit, better: MetricBetter): Thresholds {
  const base = { n_min: 0, clear_ratio: 0.9 };
  if (unit === "percent") {
    return better === "higher"
      ? { ...base, warn: 80, critical: 70, n_min: 20 }
      : { ...base, warn: 5, critical: 10, n_min: 20 };
  }
  if (unit === "seconds") return { ...base, warn: 60, critical: 180 };
  if (unit === "ratio") return { ...base, warn: 1, critical: 2 };
  return better === "higher" ? { ...base, warn: 2, critical: 1 } : { ...base, warn: 5, critical: 10 };
}
