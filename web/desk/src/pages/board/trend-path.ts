/** A line through points of 15 minutes, with gaps where there was nothing. Pure. */
import type { MetricValue } from "@zhiyin/client/model";

export interface Line {
  /** SVG paths of the line and of the area below it. */
  line: string;
  area: string;
  /** Of the points that have a value. */
  min: number;
  max: number;
  last: number | null;
}

/** In a box of `width` × `height`; the scale begins at 0 and leaves a little room above. */
export function trendLine(values: readonly (Pick<MetricValue, "value"> | null)[], width: number, height: number): Line {
  const known = values.flatMap((one) => (one === null ? [] : [one.value]));
  const max = Math.max(0, ...known);
  const min = Math.min(0, ...known);
  const span = max - min || 1;
  const x = (at: number) => round(values.length > 1 ? (at / (values.length - 1)) * width : width);
  const y = (value: number) => round(height - ((value - min) / span) * height * 0.94);
  let line = "";
  let area = "";
  for (const [from, to] of runs(values)) {
    const points = values.slice(from, to + 1).map((one, i) => `${x(from + i)} ${y(one?.value ?? 0)}`);
    // A single point is a short stroke: a dot would be stretched with the box.
    const path = points.length > 1 ? points.join("L") : `${points[0]}h1.5`;
    line += `M${path}`;
    area += `M${x(from)} ${height}L${points.join("L")}L${x(to)} ${height}Z`;
  }
  return { line, area, min: known.length > 0 ? Math.min(...known) : 0, max, last: values.at(-1)?.value ?? null };
}

const round = (n: number) => Math.round(n * 10) / 10;

/** First and last place of every stretch without a gap. */
function runs(values: readonly unknown[]): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((one, at) => {
    const last = found.at(-1);
    if (one === null) return;
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  });
  return found;
}
