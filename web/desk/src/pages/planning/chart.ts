/** Paths of the planning charts in a box of `width` × `height`. Pure. */

export type Maybe = number | null | undefined;

const round = (n: number) => Math.round(n * 10) / 10;

/** From a value to its height above the floor of the box; a little room stays above the largest. */
export function scaleY(low: number, high: number, height: number): (value: number) => number {
  const span = high - low || 1;
  return (value) => round(height - ((value - low) / span) * height * 0.94);
}

/** A number that reads well at the top of an axis: 1, 2 or 5 times a power of ten. */
export function niceMax(values: readonly Maybe[]): number {
  const max = Math.max(0, ...values.map((one) => one ?? 0));
  if (max <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  return power * ([1, 2, 5, 10].find((step) => step * power >= max) ?? 10);
}

/** First and last place of every stretch without a gap. */
function runs(values: readonly Maybe[]): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((one, at) => {
    const last = found.at(-1);
    if (one === null || one === undefined) return;
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  });
  return found;
}

/** A step for every interval: flat over its width. */
export function stepPath(values: readonly Maybe[], width: number, y: (value: number) => number): string {
  const step = width / Math.max(1, values.length);
  return runs(values)
    .map(([from, to]) => {
      const parts = values.slice(from, to + 1).map((one, i) => `V${y(one ?? 0)}H${round((from + i + 1) * step)}`);
      return `M${round(from * step)} ${y(values[from] ?? 0)}${parts.join("")}`;
    })
    .join("");
}

/** A line through the middles of the intervals. */
export function linePath(values: readonly Maybe[], width: number, y: (value: number) => number): string {
  const step = width / Math.max(1, values.length);
  const x = (at: number) => round((at + 0.5) * step);
  return runs(values)
    .map(([from, to]) => {
      const points = values.slice(from, to + 1).map((one, i) => `${x(from + i)} ${y(one ?? 0)}`);
      return points.length > 1 ? `M${points.join("L")}` : `M${points[0]}h1.5`;
    })
    .join("");
}

export interface Range {
  low?: Maybe;
  high?: Maybe;
}

/** The area between two lines: intervals of confidence. */
export function bandPath(ranges: readonly (Range | null)[], width: number, y: (value: number) => number): string {
  const step = width / Math.max(1, ranges.length);
  const x = (at: number) => round((at + 0.5) * step);
  const known = ranges.map((one) =>
    typeof one?.low === "number" && typeof one.high === "number" ? { low: one.low, high: one.high } : null,
  );
  return runs(known.map((one) => (one ? 1 : null)))
    .map(([from, to]) => {
      const here = known.slice(from, to + 1);
      const above = here.map((one, i) => `${x(from + i)} ${y(one?.high ?? 0)}`);
      const below = here.map((one, i) => `${x(from + i)} ${y(one?.low ?? 0)}`).reverse();
      return `M${[...above, ...below].join("L")}Z`;
    })
    .join("");
}
