import type { PlanningHistory } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { csv, isReal, timeAt } from "./numbers.ts";
import { dayOf, defaults, questionOf } from "./staffing.ts";

const figures = { answered: 0, abandoned: 0, flow_out: 0, agents: 2 };
const history = (offered: number[]): PlanningHistory => ({
  date: "2026-11-21",
  weeks: 1,
  utc_offset_s: 28_800,
  threshold_s: 30,
  interval_s: 900,
  patience_s: 95.4,
  abandons: 4,
  has_presence: true,
  total: { ...figures, offered: 3, aht_s: 201.6 },
  intervals: offered.map((one, i) => ({ ...figures, offered: one, at_s: i * 900 })),
});

describe("staffing", () => {
  it("takes its defaults from the day", () => {
    expect(defaults(history([1]))).toMatchObject({ aht_s: 202, patience_s: 95, threshold_s: 30, level_percent: 80 });
    expect(defaults({ ...history([1]), patience_s: null }).patience_s).toBeNull();
  });
  it("cuts the night off", () => {
    expect(dayOf(history([0, 0, 2, 0, 1, 0]))).toMatchObject({ start_s: 1800, calls: [2, 0, 1], agents: [2, 2, 2] });
    expect(dayOf(history([0, 0]))).toBeNull();
  });
  it("asks with shares of one, and fills what was left empty with the plan", () => {
    const day = dayOf(history([2, 4]));
    if (!day) throw new Error("no day");
    const inputs = { ...defaults(history([2, 4])), calls_percent: 150 };
    expect(questionOf(day, inputs, [null, null], [])).toMatchObject({
      calls: [3, 6],
      shrinkage: 0.3,
      agents: null,
      target: { service_level: 0.8, threshold_s: 30, occupancy_max: 0.85 },
    });
    expect(questionOf(day, inputs, [null, 7], [3, 5])?.agents).toEqual([3, 7]);
    expect(questionOf(day, { ...inputs, aht_s: null }, [], [])).toBeNull();
    expect(questionOf(day, { ...inputs, simulate: true, concurrency: 3 }, [], [])?.simulate).toBe(false);
  });
});

describe("numbers", () => {
  it("writes times, files and certainty", () => {
    expect([timeAt(33_300), timeAt(86_400 + 900)]).toEqual(["09:15", "2 · 00:15"]);
    expect(
      csv([
        ["a", 1.5, null],
        ['b"', "=x", "1,2"],
      ]),
    ).toBe('a,1.5,\r\n"b""",\'=x,"1,2"\r\n');
    expect([
      isReal({ value: 1, low: 0.5, high: 2 }),
      isReal({ value: 1, low: -1, high: 2 }),
      isReal({ value: 1 }),
    ]).toEqual([true, false, false]);
  });
});
