/** Form values of a calendar → what is written: no empty rows, no fields that the API does not know. */
import type { CalendarBody, PublicHolidays } from "@zhiyin/client/model";

type Form = Partial<CalendarBody>;

const text = (value: string | null | undefined) => value || null;

export function calendarBody(values: Form): CalendarBody {
  const named = <T extends { name?: { zh?: string; en?: string } | null }>(row: T) => {
    const { zh = "", en = "" } = row.name ?? {};
    // One language stands for both where only one was given.
    return { zh: zh || en, en: en || zh };
  };
  return {
    key: values.key ?? "",
    name: { zh: values.name?.zh ?? "", en: values.name?.en ?? "" },
    timezone: values.timezone ?? "",
    weekly: (values.weekly ?? [])
      .filter((row) => row?.days?.length)
      .map((row) => ({ days: row.days, open: row.open ?? [] })),
    holidays: (values.holidays ?? [])
      .filter((row) => row?.from)
      .map((row) => ({ from: row.from, to: text(row.to), name: named(row), open: row.open ?? [] })),
    make_up: (values.make_up ?? [])
      .filter((row) => row?.date)
      .map((row) => {
        const name = named(row);
        const open = row.open ?? [];
        return {
          date: row.date,
          like: open.length > 0 ? null : (row.like ?? null),
          open,
          ...(name.zh ? { name } : {}),
        };
      }),
    closures: (values.closures ?? [])
      .filter((row) => row?.from && row.to)
      .map((row) => ({ from: row.from, to: row.to, name: named(row) })),
  };
}

/** The calendar with a year's public holidays in place of what it had for the same dates. */
export function withHolidays(values: Form, year: PublicHolidays): Pick<CalendarBody, "holidays" | "make_up"> {
  const days = new Set(year.make_up.map((row) => row.date));
  const overlaps = (row: { from: string; to?: string | null }) =>
    year.holidays.some((one) => row.from <= (one.to ?? one.from) && one.from <= (row.to ?? row.from));
  const holidays = (values.holidays ?? []).filter((row) => row?.from && !overlaps(row));
  const makeUp = (values.make_up ?? []).filter((row) => row?.date && !days.has(row.date));
  return {
    holidays: [...holidays, ...year.holidays].toSorted((a, b) => a.from.localeCompare(b.from)),
    make_up: [...makeUp, ...year.make_up].toSorted((a, b) => a.date.localeCompare(b.date)),
  };
}
