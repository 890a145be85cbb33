import { audit } from "@zhiyin/client/api";
import type { AuditRow } from "@zhiyin/client/model";
import { DatePicker, Input, Table, type TableColumnsType, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Copyable } from "../../parts/Copyable.tsx";
import { More } from "../../parts/More.tsx";
import { exactTime } from "../../parts/time.ts";
import { useCursorList } from "../../parts/useCursorList.ts";
import { Empty, Failed, Loading } from "../../parts/Views.tsx";

interface Filters {
  /** A person or key, taken from a row. */
  actor: { id: string; name: string } | null;
  action: string;
  target: string;
  from: number | null;
  to: number | null;
}

const NONE: Filters = { actor: null, action: "", target: "", from: null, to: null };
const TARGET_SHOWN = 24;

function FilterBar({ onChange, filters }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation();
  const text = (name: "action" | "target") => (
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
      {text("action")}
      {text("target")}
      <DatePicker.RangePicker showTime onChange={range} aria-label={t("audit.filter.time")} />
      {filters.actor ? (
        <Tag closable onClose={() => onChange({ ...filters, actor: null })} data-testid="audit-actor">
          {t("audit.filter.actor")}: {filters.actor.name}
        </Tag>
      ) : null}
    </div>
  );
}

/** Who did it; a click keeps only theirs. */
function Actor({ row, onChoose }: { row: AuditRow; onChoose: (actor: Filters["actor"]) => void }) {
  const { t } = useTranslation();
  const name = row.actor_name || t("audit.nobody");
  const id = row.actor;
  if (!id) return <span>{name}</span>;
  return (
    <button type="button" className="plain link" onClick={() => onChoose({ id, name })}>
      {name}
    </button>
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
  const list = useCursorList(["audit", filters], (cursor) =>
    audit.list({
      actor: filters.actor?.id,
      action: filters.action || undefined,
      target: filters.target || undefined,
      from: filters.from ?? undefined,
      to: filters.to ?? undefined,
      cursor: cursor ?? undefined,
      limit: 50,
    }),
  );
  const columns: TableColumnsType<AuditRow> = [
    { title: t("audit.at"), width: 220, render: (_, row) => <span className="num">{exactTime(row.at)}</span> },
    {
      title: t("audit.actor"),
      render: (_, row) => <Actor row={row} onChoose={(actor) => setFilters({ ...filters, actor })} />,
    },
    { title: t("audit.action"), dataIndex: "action", render: (action: string) => <code>{action}</code> },
    {
      title: t("audit.target"),
      render: (_, row) =>
        row.target ? (
          <span className="row">
            <span className="meta">{row.target_kind}</span>
            <Copyable
              text={row.target}
              shown={row.target.length > TARGET_SHOWN ? `…${row.target.slice(-TARGET_SHOWN)}` : row.target}
            />
          </span>
        ) : (
          "–"
        ),
    },
    {
      title: t("audit.result"),
      render: (_, row) => <span className={row.result === "success" ? "" : "tone-alert"}>{row.result}</span>,
    },
    { title: t("audit.address"), render: (_, row) => <span className="num">{row.address ?? "–"}</span> },
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
            rowKey="seq"
            columns={columns}
            dataSource={list.items}
            pagination={false}
            expandable={{
              columnTitle: <span className="visually-hidden">{t("audit.detail")}</span>,
              expandedRowRender: (row) => <Detail row={row} />,
            }}
          />
          <More list={list} />
        </>
      ) : null}
    </div>
  );
}
