import { describe, expect, it } from "vitest";
import { bandPath, linePath, niceMax, scaleY, stepPath } from "./chart.ts";

const y = scaleY(0, 10, 100);

describe("chart", () => {
  it("keeps a little room above", () => {
    expect([y(0), y(10)]).toEqual([100, 6]);
    expect(scaleY(5, 5, 100)(5)).toBe(100);
  });
  it("ends an axis with a number that reads well", () => {
    expect([niceMax([0]), niceMax([3]), niceMax([17, null]), niceMax([0.4]), niceMax([100])]).toEqual([
      1, 5, 20, 0.5, 100,
    ]);
  });
  it("draws steps with gaps", () => {
    expect(stepPath([10, 5, null, 10], 40, y)).toBe("M0 6V6H10V53H20M30 6V6H40");
  });
  it("draws lines through the middles, a lone point as a stroke", () => {
    expect(linePath([10, 0, null, 10], 40, y)).toBe("M5 6L15 100M35 6h1.5");
  });
  it("draws bands where both ends are known", () => {
    const ranges = [{ low: 0, high: 10 }, { low: 5, high: 10 }, null, { low: 1 }];
    expect(bandPath(ranges, 40, y)).toBe("M5 6L15 6L15 53L5 100Z");
  });
});
