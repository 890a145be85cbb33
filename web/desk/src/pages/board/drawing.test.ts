import type { ComputedTile, Tile, TileLevel } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { becameCritical, isOutdated, levelsOf } from "./changes.ts";
import { arc, shareOf, zones } from "./gauge.ts";
import { trendLine } from "./trend-path.ts";

const v = (...values: (number | null)[]) => values.map((value) => (value === null ? null : { value }));

describe("trendLine", () => {
  it("runs from edge to edge and leaves room above", () => {
    const { line, min, max, last } = trendLine(v(0, 5, 10), 100, 50);
    expect(line).toBe("M0 50L50 26.5L100 3");
    expect({ min, max, last }).toEqual({ min: 0, max: 10, last: 10 });
  });
  it("breaks where nothing was", () => {
    const { line, last } = trendLine(v(1, null, 1, 1, null), 100, 50);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(last).toBeNull();
  });
  it("draws nothing of nothing, and a flat line of zeros", () => {
    expect(trendLine(v(null, null), 100, 50)).toMatchObject({ line: "", area: "", max: 0 });
    expect(trendLine(v(0, 0), 100, 50).line).toBe("M0 50L100 50");
    expect(trendLine([], 100, 50).line).toBe("");
    expect(trendLine(v(3), 100, 50).line).toBe("M100 3h1.5");
  });
});

describe("gauge", () => {
  const scale = { min: 0, max: 100 };
  const t = (warn: number, critical: number) => ({ warn, critical, n_min: 0, clear_ratio: 1 });
  it("keeps what is beyond the scale at its end", () => {
    expect([-5, 0, 25, 100, 400].map((one) => shareOf(one, scale))).toEqual([0, 0, 0.25, 1, 1]);
  });
  it("colours left to right, whichever side is bad", () => {
    expect(zones(scale, t(80, 70), "higher").map((one) => [one.level, one.from, one.to])).toEqual([
      ["critical", 0, 0.7],
      ["warn", 0.7, 0.8],
      ["ok", 0.8, 1],
    ]);
    expect(zones(scale, t(5, 10), "lower").map((one) => one.level)).toEqual(["ok", "warn", "critical"]);
    expect(zones(scale, t(5, 200), "lower").map((one) => one.level)).toEqual(["ok", "warn"]);
    expect(zones(scale, null, "lower")).toHaveLength(1);
  });
  it("draws the upper half from left to right", () => {
    expect(arc(0, 1, 50, 50, 40)).toBe("M10.00 50.00A40 40 0 0 1 90.00 50.00");
    expect(arc(0, 0.5, 50, 50, 40)).toBe("M10.00 50.00A40 40 0 0 1 50.00 10.00");
  });
});

describe("changes of a board", () => {
  const tile = (id: string, sound: boolean) => ({ id, sound }) as Tile;
  const at = (levels: Record<string, TileLevel>) =>
    Object.fromEntries(Object.entries(levels).map(([id, level]) => [id, { level } as ComputedTile]));
  const tiles = [tile("a", true), tile("b", false)];
  it.each<[string, Record<string, TileLevel> | null, Record<string, TileLevel>, boolean]>([
    ["it becomes critical", { a: "warn" }, { a: "critical" }, true],
    ["it stays critical", { a: "critical" }, { a: "critical" }, false],
    ["a silent one does", { a: "ok", b: "ok" }, { a: "ok", b: "critical" }, false],
    ["the first numbers", null, { a: "critical" }, false],
    ["a tile that is new", {}, { a: "critical" }, false],
    ["from nothing to critical", { a: "no_data" }, { a: "critical" }, true],
  ])("%s", (_name, before, after, expected) => {
    expect(becameCritical(tiles, before && at(before), at(after))).toBe(expected);
  });
  it("knows when somebody else changed the board", () => {
    expect(isOutdated(tiles, at({ a: "ok", b: "ok" }))).toBe(false);
    expect(isOutdated(tiles, at({ a: "ok" }))).toBe(true);
    expect(isOutdated(tiles, at({ a: "ok", c: "ok" }))).toBe(true);
  });
  it("sums the levels up", () => {
    expect(levelsOf(at({ a: "ok", b: "warn", c: "no_data" }))).toEqual({
      worst: "warn",
      counts: { no_data: 1, ok: 1, warn: 1, critical: 0 },
    });
    expect(levelsOf({}).worst).toBe("no_data");
  });
});
