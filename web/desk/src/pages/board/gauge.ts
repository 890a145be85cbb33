/** A half circle as a scale. Pure. */
import type { MetricBetter, ShownAs, Thresholds, TileLevel } from "@zhiyin/client/model";
import { badIsAbove } from "../../parts/monitor/level.ts";

/** Where a value lies on the scale, 0 … 1. */
export function shareOf(value: number, { min, max }: Pick<ShownAs<"gauge">, "min" | "max">): number {
  return Math.max(0, Math.min(1, (value - min) / (max - min || 1)));
}

/** The arc between two shares of the upper half circle, left to right. */
export function arc(from: number, to: number, cx: number, cy: number, r: number): string {
  const point = (share: number) => {
    const angle = Math.PI * (1 - share);
    return `${(cx + r * Math.cos(angle)).toFixed(2)} ${(cy - r * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${point(from)}A${r} ${r} 0 0 1 ${point(to)}`;
}

export interface Zone {
  from: number;
  to: number;
  level: Exclude<TileLevel, "no_data">;
}

/** The stretches of the scale by colour, left to right; one of them without thresholds. */
export function zones(
  scale: Pick<ShownAs<"gauge">, "min" | "max">,
  thresholds: Thresholds | null | undefined,
  better: MetricBetter,
): Zone[] {
  if (!thresholds) return [{ from: 0, to: 1, level: "ok" }];
  const [warn, critical] = [shareOf(thresholds.warn, scale), shareOf(thresholds.critical, scale)];
  const all: Zone[] = badIsAbove(thresholds, better)
    ? [
        { from: 0, to: warn, level: "ok" },
        { from: warn, to: critical, level: "warn" },
        { from: critical, to: 1, level: "critical" },
      ]
    : [
        { from: 0, to: critical, level: "critical" },
        { from: critical, to: warn, level: "warn" },
        { from: warn, to: 1, level: "ok" },
      ];
  return all.filter((one) => one.to > one.from);
}
