import { beforeAll, describe, expect, it } from "vitest";
import { badIsAbove, firstThresholds, levelOf } from "./level.ts";
import { formatBound, formatValue } from "./units.ts";

beforeAll(() => {
  // The language decides separators only.
  expect(formatValue("count", 1)).toBe("1");
});

describe("formatValue", () => {
  it.each([
    ["count", 0, "0"],
    ["count", 1234, "1,234"],
    ["percent", 82.45, "82.5%"],
    ["percent", 0, "0.0%"],
    ["percent", 99.96, "100%"],
    ["percent", 100, "100%"],
    ["seconds", 5.4, "00:05"],
    ["seconds", 65, "01:05"],
    ["seconds", 3725, "1:02:05"],
    ["ratio", 0.754, "0.75"],
    ["count", null, "–"],
    ["percent", Number.NaN, "–"],
    ["seconds", undefined, "–"],
  ] as const)("%s %s is %s", (unit, value, text) => {
    expect(formatValue(unit, value)).toBe(text);
  });
});

describe("formatBound", () => {
  it.each([
    ["count", 10, "10"],
    ["percent", 97.5, "97.5%"],
    ["seconds", 45.5, "45.5秒"],
    ["seconds", 180, "03:00"],
    ["ratio", 0.125, "0.125"],
  ] as const)("%s %s is %s", (unit, value, text) => expect(formatBound(unit, value)).toBe(text));
});

const at = (value: number, n = 100) => ({ value, n });

describe("levelOf", () => {
  const above = { warn: 10, critical: 50, n_min: 0, clear_ratio: 1 };
  const below = { warn: 80, critical: 70, n_min: 20, clear_ratio: 0.9 };
  it.each([
    ["at the line is fine", at(10), above, "lower", "ok"],
    ["above it is not", at(11), above, "lower", "warn"],
    ["far above", at(51), above, "lower", "critical"],
    ["below a lower line", at(79.9), below, "higher", "warn"],
    ["far below", at(69), below, "higher", "critical"],
    ["at a lower line", at(80), below, "higher", "ok"],
    ["a small sample", at(1, 19), below, "higher", "no_data"],
    ["no value", null, below, "higher", "no_data"],
    ["no thresholds", at(1), null, "higher", "ok"],
    ["alike: the better direction decides", at(5), { ...above, warn: 4, critical: 4 }, "lower", "critical"],
    ["alike, higher is better", at(5), { ...above, warn: 4, critical: 4 }, "higher", "ok"],
  ] as const)("%s", (_name, value, thresholds, better, level) => {
    expect(levelOf(value, thresholds, better)).toBe(level);
  });

  it("first thresholds point the way of the metric", () => {
    for (const unit of ["percent", "count"] as const) {
      expect(badIsAbove(firstThresholds(unit, "higher"), "higher")).toBe(false);
      expect(badIsAbove(firstThresholds(unit, "lower"), "lower")).toBe(true);
    }
  });
});
