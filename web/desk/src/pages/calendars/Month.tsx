/** A month as it turns out: which days are open, and why not. Follows the form while it is being written. */
import { useQuery } from "@tanstack/react-query";
import { calendarPreview } from "@zhiyin/client/api";
import { serverNow } from "@zhiyin/client/http";
import type { CalendarBody, PreviewDay } from "@zhiyin/client/model";
import { Button, Form } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale, label } from "../../i18n/index.ts";
import { Icon } from "../../parts/Icon.tsx";
import { problemWords } from "../../parts/problem.ts";
import { calendarBody } from "./body.ts";
import { dateIn, monthGrid, shiftMonth, shortSpan, spanPlace, spanWords } from "./month.ts";

/** A pause in typing before the month is worked out again. */
const SETTLE_MS = 400;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the content decides, not the object
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

function dayName(day: PreviewDay): string {
  const { rule } = day;
  return "name" in rule && rule.name ? label(rule.name) : "";
}

function Day({ day, month, today, zone }: { day: PreviewDay; month: string; today: string; zone: string }) {
  const { t } = useTranslation();
  const times = day.open.map((span) => spanWords(span, zone)).join(" ");
  const special = day.rule.rule === "holiday" || day.rule.rule === "make_up" ? day.rule.rule : "";
  const name = dayName(day) || (special === "make_up" ? t("calendars.makeUpDay") : "");
  const words = [day.date, name, times || t("calendars.closed")].filter(Boolean).join(" · ");
  const classes = ["day", special, day.open.length > 0 ? "open" : "shut"];
  if (!day.date.startsWith(month)) classes.push("other");
  if (day.date === today) classes.push("today");
  return (
    <li className={classes.join(" ")} title={words} data-testid={`day-${day.date}`}>
      <span className="visually-hidden">{words}</span>
      <span className="day-head" aria-hidden="true">
        <span className="num">{Number(day.date.slice(8))}</span>
        <span className="meta ellipsis">{name}</span>
      </span>
      <span className="day-bar" aria-hidden="true">
        {day.open.map((span) => {
          const { left, width } = spanPlace(span, zone);
          return <i key={span.from} style={{ left: `${left}%`, width: `${width}%` }} />;
        })}
      </span>
      <span className="meta num ellipsis" aria-hidden="true">
        {day.open.map((span) => shortSpan(span, zone)).join(" ") || t("calendars.closed")}
      </span>
    </li>
  );
}

export function Month() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<CalendarBody>();
  const values = Form.useWatch([], form) as CalendarBody | undefined;
  const body = useSettled(calendarBody({ ...form.getFieldsValue(true), ...values }));
  const zone = body.timezone || "UTC";
  const today = dateIn(serverNow(), zone);
  const [month, setMonth] = useState(today.slice(0, 7));
  // A new calendar has no key or name yet; its days do not depend on them.
  const nameless = { ...body, key: "preview", name: { zh: "-", en: "-" } };
  const query = useQuery({
    queryKey: ["calendar-preview", nameless, month],
    queryFn: () => calendarPreview({ calendar: nameless, ...monthGrid(month) }),
    placeholderData: (before) => before,
    retry: false,
  });
  const title = new Intl.DateTimeFormat(currentLocale(), { year: "numeric", month: "long", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(currentLocale(), { weekday: "short", timeZone: "UTC" });
  return (
    <section className="month" aria-label={t("calendars.month")} data-testid="calendar-month">
      {/* Who may only read turns the pages all the same. */}
      <div className="row">
        <h2 className="grow" aria-live="polite">
          {title.format(new Date(`${month}-01T00:00:00Z`))}
        </h2>
        <Button
          type="text"
          disabled={false}
          aria-label={t("calendars.monthBefore")}
          icon={<Icon name="back" size={16} />}
          onClick={() => setMonth(shiftMonth(month, -1))}
        />
        <Button size="small" disabled={false} onClick={() => setMonth(today.slice(0, 7))}>
          {t("calendars.today")}
        </Button>
        <Button
          type="text"
          disabled={false}
          aria-label={t("calendars.monthAfter")}
          icon={<Icon name="next" size={16} />}
          onClick={() => setMonth(shiftMonth(month, 1))}
        />
      </div>
      {query.isError ? (
        <p className="meta tone-alert" role="status">
          {problemWords(t, query.error, { invalid: "calendars.notYet" })}
        </p>
      ) : null}
      <ol className="days head" aria-hidden="true">
        {/* 2024-01-01 was a Monday. */}
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <li key={day} className="meta">
            {weekday.format(Date.UTC(2024, 0, day))}
          </li>
        ))}
      </ol>
      <ol className={`days ${query.isPlaceholderData || query.isError ? "stale" : ""}`}>
        {query.data?.days.map((day) => (
          <Day key={day.date} day={day} month={month} today={today} zone={zone} />
        ))}
      </ol>
      <p className="meta row legend">
        <span className="day-bar sample" aria-hidden="true">
          <i style={{ left: "20%", width: "60%" }} />
        </span>
        {t("calendars.legend")}
      </p>
    </section>
  );
}
