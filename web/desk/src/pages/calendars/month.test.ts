import { describe, expect, it } from "vitest";
import { clockIn, dateIn, monthGrid, shiftMonth, shortSpan, spanPlace, spanWords } from "./month.ts";

/** 2026-10-10T09:00+08:00. */
const MORNING_US = 1_791_594_000_000_000;
const HOUR_US = 3_600_000_000;
const ZONE = "Asia/Shanghai";

describe("monthGrid", () => {
  it.each([
    ["2026-10", "2026-09-28", 35],
    ["2026-02", "2026-01-26", 35],
    ["2027-02", "2027-02-01", 28],
    ["2026-08", "2026-07-27", 42],
  ])("%s begins on Monday %s and has %i days", (month, from, days) => expect(monthGrid(month)).toEqual({ from, days }));
});

it("months go over the year", () => {
  expect([shiftMonth("2026-12", 1), shiftMonth("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
});

it("dates and times are those of the calendar's zone", () => {
  expect([dateIn(MORNING_US, ZONE), clockIn(MORNING_US, ZONE)]).toEqual(["2026-10-10", "09:00"]);
  expect([dateIn(MORNING_US, "America/New_York"), clockIn(MORNING_US, "America/New_York")]).toEqual([
    "2026-10-09",
    "21:00",
  ]);
  expect(dateIn(MORNING_US, "Nowhere/Land")).toMatch(/^2026-10-/);
});

it("a stretch has its words and its place in the day", () => {
  const span = { from: MORNING_US, to: MORNING_US + 3 * HOUR_US };
  expect(spanWords(span, ZONE)).toBe("09:00–12:00");
  expect(shortSpan(span, ZONE)).toBe("9–12");
  expect(shortSpan({ from: span.from - HOUR_US / 2, to: span.to }, ZONE)).toBe("8:30–12");
  expect(spanPlace(span, ZONE)).toEqual({ left: 37.5, width: 12.5 });
  const whole = { from: MORNING_US - 9 * HOUR_US, to: MORNING_US + 15 * HOUR_US };
  expect(spanWords(whole, ZONE)).toBe("00:00–24:00");
  expect(shortSpan(whole, ZONE)).toBe("0–24");
  expect(spanPlace(whole, ZONE)).toEqual({ left: 0, width: 100 });
});
