import type { MetricDefinition } from "@zhiyin/client/model";
import { Input, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { Icon } from "../../parts/Icon.tsx";
import { findMetrics } from "../../parts/monitor/questions.ts";
import { useMetricsQuery } from "../../parts/monitor/useMetrics.ts";
import { Failed, Loading } from "../../parts/Views.tsx";

function useColumns(): TableColumnsType<MetricDefinition> {
  const { t } = useTranslation();
  return [
    {
      title: t("metricsHelp.name"),
      width: 240,
      render: (_, row) => (
        <>
          {label(row.name)}
          <br />
          <code className="meta">{row.id}</code>
        </>
      ),
    },
    { title: t("metricsHelp.formula"), render: (_, row) => label(row.formula) },
    { title: t("metricsHelp.unit"), width: 90, render: (_, row) => t(`unit.${row.unit}`) },
    { title: t("metricsHelp.better"), width: 110, render: (_, row) => t(`better.${row.better}`) },
    {
      title: t("metricsHelp.scopes"),
      width: 170,
      render: (_, row) => row.scopes.map((one) => t(`scopeKind.${one}`)).join(" · "),
    },
    {
      title: t("metricsHelp.windows"),
      width: 120,
      render: (_, row) => t(row.live ? "metricsHelp.live" : "metricsHelp.overTime"),
    },
  ];
}

/** What every number means: the one catalogue that boards, alerts and reports count by. */
export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const query = useMetricsQuery();
  const columns = useColumns();
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          <h1>{t("metricsHelp.title")}</h1>
          <p className="lead meta">{t("metricsHelp.lead")}</p>
        </div>
        <Input
          allowClear
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          prefix={<Icon name="search" size={16} />}
          placeholder={t("common.search")}
          aria-label={t("common.search")}
          style={{ width: 260 }}
          data-testid="metrics-search"
        />
      </header>
      {query.isPending ? <Loading lines={12} /> : null}
      {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? (
        <Table<MetricDefinition>
          size="small"
          rowKey="id"
          columns={columns}
          dataSource={findMetrics(query.data, search)}
          pagination={false}
          tableLayout="fixed"
          locale={{ emptyText: t("common.noMatch") }}
          onRow={() => ({ "data-testid": "metric-row" }) as object}
        />
      ) : null}
    </div>
  );
}
