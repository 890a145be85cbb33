import { audit } from "@zhiyin/client/api";
import type { AuditRow } from "@zhiyin/client/model";
import { DatePicker, Input, Table, type TableColumnsType } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Copyable } from "../../parts/Copyable.tsx";
import { More } from "../../parts/More.tsx";
import { exactTime } from "../../parts/time.ts";
import { useCursorList } from "../../parts/useCursorList.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";

interface Filters {
  actor: string;
  action: string;
  target: string;
  from: number | null;
  to: number | null;
}

const NONE: Filters = { actor: "", action: "", target: "", from: null, to: null };
const SHORT_ID = 8;

function FilterBar({ onChange, filters }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation();
  const text = (name: "actor" | "action" | "target") => (
    <Input.Search
      allowClear
      defaultValue={filters[name]}
      placeholder={t(`audit.filter.${name}`)}
      aria-label={t(`audit.filter.${name}`)}
      onSearch={(value) => onChange({ ...filters, [name]: value.trim() })}
      style={{ width: 210 }}
      data-testid={`audit-${name}`}
    />
  );
  const range = (dates: [Dayjs | null, Dayjs | null] | null) =>
    onChange({
      ...filters,
      from: dates?.[0] ? dates[0].valueOf() * 1000 : null,
      to: dates?.[1] ? dates[1].valueOf() * 1000 : null,
    });
  return (
    <div className="row" style={{ flexWrap: "wrap", marginBottom: 12 }}>
      {text("actor")}
      {text("action")}
      {text("target")}
      <DatePicker.RangePicker showTime onChange={range} aria-label={t("audit.filter.time")} />
    </div>
  );
}

function Detail({ row }: { row: AuditRow }) {
  return (
    <pre className="meta" style={{ margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {JSON.stringify(row, null, 2)}
    </pre>
  );
}

/** Who did what, when, from where, and whether it was allowed. Rows are chained: nobody changes them. */
export function Component() {
  const { t } = useTranslation();
  const [filters, setFilters] = useState(NONE);
  const list = useCursorList(["audit", filters], (cursor) => audit.list({ ...filters, cursor, limit: 50 }));
  const columns: TableColumnsType<AuditRow> = [
    { title: t("audit.at"), width: 220, render: (_, row) => <span className="num">{exactTime(row.at)}</span> },
    { title: t("audit.actor"), render: (_, row) => row.actor_name || row.actor || t("audit.nobody") },
    { title: t("audit.action"), dataIndex: "action", render: (action: string) => <code>{action}</code> },
    {
      title: t("audit.target"),
      render: (_, row) =>
        row.target ? (
          <Copyable text={row.target} shown={row.target.length > 40 ? `${row.target.slice(0, 40)}…` : row.target} />
        ) : (
          "–"
        ),
    },
    {
      title: t("audit.result"),
      render: (_, row) => <span className={row.result === "ok" ? "" : "tone-alert"}>{row.result}</span>,
    },
    { title: t("audit.address"), render: (_, row) => <span className="num">{row.address ?? "–"}</span> },
    { title: "id", render: (_, row) => <Copyable text={String(row.id)} shown={String(row.id).slice(-SHORT_ID)} /> },
  ];
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("audit.title")}</h1>
          <p className="lead meta">{t("audit.lead")}</p>
        </div>
      </header>
      <FilterBar filters={filters} onChange={setFilters} />
      {list.isPending ? <Loading lines={10} /> : null}
      {list.error ? <Failed error={list.error} retry={list.retry} /> : null}
      {!list.isPending && !list.error && list.items.length === 0 ? (
        <Empty icon="audit" title={t("audit.emptyTitle")} text={t("audit.emptyText")} />
      ) : null}
      {list.items.length > 0 ? (
        <>
          <Table
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={list.items}
            pagination={false}
            expandable={{ expandedRowRender: (row) => <Detail row={row} /> }}
          />
          <More list={list} />
        </>
      ) : null}
    </div>
  );
}
