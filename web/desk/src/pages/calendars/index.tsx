import { calendars } from "@zhiyin/client/api";
import type { Calendar, CalendarBody } from "@zhiyin/client/model";
import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { ConfigPage } from "../../parts/config/ConfigPage.tsx";
import { useNameColumns } from "../../parts/config/columns.tsx";
import { calendarBody } from "./body.ts";
import { CalendarFields } from "./CalendarFields.tsx";
import { HoursMark, SwitchPanel, useCalendarState, useChangeWords, useWhyWords } from "./SwitchPanel.tsx";
import "./calendars.css";

const BLANK: Required<CalendarBody> = {
  key: "",
  name: { zh: "", en: "" },
  timezone: "Asia/Shanghai",
  weekly: [{ days: ["mon", "tue", "wed", "thu", "fri"], open: ["09:00-18:00"] }],
  holidays: [],
  make_up: [],
  closures: [],
};

function Now({ row }: { row: Calendar }) {
  const query = useCalendarState(row.key);
  return query.data ? <HoursMark state={query.data} /> : <span className="meta">…</span>;
}

function Why({ row }: { row: Calendar }) {
  const query = useCalendarState(row.key);
  const why = useWhyWords();
  return query.data ? why(query.data) : null;
}

function Change({ row }: { row: Calendar }) {
  const query = useCalendarState(row.key);
  const change = useChangeWords(row.timezone);
  return query.data ? <span className="num">{change(query.data)}</span> : null;
}

export function Component() {
  const { t } = useTranslation();
  const columns: TableColumnsType<Calendar> = [
    ...useNameColumns<Calendar>(),
    { title: t("calendars.now"), render: (_, row) => <Now row={row} /> },
    { title: t("calendars.why"), render: (_, row) => <Why row={row} /> },
    { title: t("calendars.change"), render: (_, row) => <Change row={row} /> },
    { title: t("calendars.timezone"), render: (_, row) => <span className="meta">{row.timezone}</span> },
  ];
  return (
    <ConfigPage
      resource={calendars}
      icon="calendar"
      words="calendars"
      permission="config.write"
      keyOf={(row) => row.key}
      nameOf={(row) => label(row.name)}
      columns={columns}
      blank={BLANK}
      toBody={calendarBody}
      fields={(isNew) => <CalendarFields isNew={isNew} />}
      actions={(row) => <SwitchPanel calendar={row} />}
      drawerWidth={760}
    />
  );
}
