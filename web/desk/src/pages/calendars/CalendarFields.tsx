import { publicHolidays } from "@zhiyin/client/api";
import type { CalendarBody } from "@zhiyin/client/model";
import { App, Button, Form, Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { LabelFields, NamedFields, type Path } from "../../parts/config/fields.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { problemWords } from "../../parts/problem.ts";
import { RemoveButton } from "../../parts/RemoveButton.tsx";
import { withHolidays } from "./body.ts";
import { Month } from "./Month.tsx";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const PERIOD = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const PERIODS = ["00:00-24:00", "08:00-20:00", "09:00-12:00", "13:00-18:00", "09:00-18:00"];

/** Times of day: chosen or typed. */
function PeriodsField({ name, text, hint }: { name: Path; text: string; hint?: string }) {
  const { t } = useTranslation();
  const written = (_: unknown, periods: string[] = []) =>
    periods.every((one) => PERIOD.test(one)) ? Promise.resolve() : Promise.reject(new Error(t("calendars.periodRule")));
  return (
    <Form.Item name={name} label={text} extra={hint} rules={[{ validator: written }]}>
      <Select
        mode="tags"
        tokenSeparators={[" ", ",", "\uff0c", "\u3001"]}
        options={PERIODS.map((value) => ({ value, label: value }))}
        placeholder="09:00-12:00"
      />
    </Form.Item>
  );
}

function Rows({
  name,
  title,
  add,
  blank,
  head,
  children,
}: {
  name: string;
  title: string;
  add: string;
  blank: () => object;
  head?: ReactNode;
  children: (row: number) => ReactNode;
}) {
  return (
    <Form.List name={name}>
      {(rows, list) => (
        <section className={`rules rules-${name}`} data-testid={`calendar-${name}`}>
          <div className="sub-head">
            <h2 className="grow minor">{title}</h2>
            {head}
          </div>
          {rows.map((row) => (
            <div key={row.key} className="sub rule">
              <div className="grow">{children(row.name)}</div>
              <RemoveButton onClick={() => list.remove(row.name)} />
            </div>
          ))}
          <Button icon={<Icon name="plus" size={16} />} onClick={() => list.add(blank())}>
            {add}
          </Button>
        </section>
      )}
    </Form.List>
  );
}

function DateField({ name, text, type = "date" }: { name: Path; text: string; type?: "date" | "datetime-local" }) {
  const { t } = useTranslation();
  const required = name.at(-1) !== "to" || type === "datetime-local";
  return (
    <Form.Item name={name} label={text} rules={required ? [{ required: true, message: t("config.required") }] : []}>
      <Input type={type} />
    </Form.Item>
  );
}

/** The button that saves an hour of typing. */
function LoadHolidays() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const form = Form.useFormInstance<CalendarBody>();
  const [loading, setLoading] = useState(false);
  const load = async () => {
    setLoading(true);
    try {
      const year = await publicHolidays();
      form.setFieldsValue(withHolidays(form.getFieldsValue(true), year));
      message.success(t("calendars.loaded", { year: year.year }));
    } catch (error) {
      message.error(problemWords(t, error));
    } finally {
      setLoading(false);
    }
  };
  return (
    <Button size="small" loading={loading} onClick={() => void load()} data-testid="load-holidays">
      {t("calendars.loadHolidays")}
    </Button>
  );
}

export function CalendarFields({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  const days = WEEKDAYS.map((value) => ({ value, label: t(`calendars.weekday.${value}`) }));
  const zones = Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }));
  return (
    <>
      <Month />
      <NamedFields isNew={isNew} />
      <Form.Item
        name="timezone"
        label={t("calendars.timezone")}
        extra={t("calendars.timezoneHint")}
        rules={[{ required: true, message: t("config.required") }]}
      >
        <Select showSearch options={zones} />
      </Form.Item>
      <Rows
        name="weekly"
        title={t("calendars.weekly")}
        add={t("calendars.addWeekly")}
        blank={() => ({ days: ["mon", "tue", "wed", "thu", "fri"], open: ["09:00-18:00"] })}
      >
        {(row) => (
          <>
            <Form.Item name={[row, "days"]} label={t("calendars.days")}>
              <Select mode="multiple" options={days} />
            </Form.Item>
            <PeriodsField name={[row, "open"]} text={t("calendars.open")} hint={t("calendars.openHint")} />
          </>
        )}
      </Rows>
      <Rows
        name="holidays"
        title={t("calendars.holidays")}
        add={t("calendars.addHoliday")}
        blank={() => ({ open: [] })}
        head={<LoadHolidays />}
      >
        {(row) => (
          <>
            <div className="pair">
              <DateField name={[row, "from"]} text={t("calendars.from")} />
              <DateField name={[row, "to"]} text={t("calendars.lastDay")} />
            </div>
            <LabelFields name={[row, "name"]} text={t("calendars.name")} />
            <PeriodsField name={[row, "open"]} text={t("calendars.openOnHoliday")} />
          </>
        )}
      </Rows>
      <Rows
        name="make_up"
        title={t("calendars.makeUp")}
        add={t("calendars.addMakeUp")}
        blank={() => ({ like: "mon", open: [] })}
      >
        {(row) => (
          <>
            <div className="pair">
              <DateField name={[row, "date"]} text={t("calendars.date")} />
              <Form.Item name={[row, "like"]} label={t("calendars.like")}>
                <Select allowClear options={days} />
              </Form.Item>
            </div>
            <PeriodsField name={[row, "open"]} text={t("calendars.ownHours")} />
          </>
        )}
      </Rows>
      <Rows name="closures" title={t("calendars.closures")} add={t("calendars.addClosure")} blank={() => ({})}>
        {(row) => (
          <>
            <div className="pair">
              <DateField name={[row, "from"]} text={t("calendars.from")} type="datetime-local" />
              <DateField name={[row, "to"]} text={t("calendars.until")} type="datetime-local" />
            </div>
            <LabelFields name={[row, "name"]} text={t("calendars.reason")} />
          </>
        )}
      </Rows>
    </>
  );
}
