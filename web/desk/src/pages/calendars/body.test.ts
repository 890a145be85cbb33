import { expect, it } from "vitest";
import { calendarBody, withHolidays } from "./body.ts";

const name = (zh: string) => ({ zh, en: zh });

it("rows that say nothing are left out, and a make-up day has one kind of hours", () => {
  const body = calendarBody({
    key: "a",
    timezone: "Asia/Shanghai",
    weekly: [
      { days: [], open: [] },
      { days: ["mon"], open: ["09:00-12:00"] },
    ],
    holidays: [
      { from: "", name: name("x") },
      { from: "2026-10-01", to: "", name: { zh: "国庆节", en: "" } },
    ],
    make_up: [
      { date: "2026-10-10", like: "mon", open: ["10:00-12:00"] },
      { date: "2026-10-11", like: "tue" },
    ],
  });
  expect(body.weekly).toEqual([{ days: ["mon"], open: ["09:00-12:00"] }]);
  expect(body.holidays).toEqual([{ from: "2026-10-01", to: null, name: name("国庆节"), open: [] }]);
  expect(body.make_up).toEqual([
    { date: "2026-10-10", like: null, open: ["10:00-12:00"] },
    { date: "2026-10-11", like: "tue", open: [] },
  ]);
});

it("a year's holidays replace what stood on their dates and leave the rest", () => {
  const year = {
    year: 2026,
    holidays: [{ from: "2026-10-01", to: "2026-10-07", name: name("国庆节"), open: [] }],
    make_up: [{ date: "2026-10-10", like: "mon" as const, open: [] }],
  };
  const loaded = withHolidays(
    {
      holidays: [
        { from: "2026-10-05", name: name("旧") },
        { from: "2026-12-24", name: name("圣诞") },
      ],
      make_up: [{ date: "2026-10-10", like: "tue" }],
    },
    year,
  );
  expect(loaded.holidays?.map((row) => row.from)).toEqual(["2026-10-01", "2026-12-24"]);
  expect(loaded.make_up).toEqual(year.make_up);
  expect(withHolidays(loaded, year)).toEqual(loaded);
});
