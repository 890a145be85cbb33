/** Choosing a metric, whom it is about and over what time. Work alone and as controls of a form. */

import type { MetricDefinition, MetricScope, MetricScopeKind, MetricWindow } from "@zhiyin/client/model";
import { Select, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { useDirectory } from "../../app/session.tsx";
import { label } from "../../i18n/index.ts";
import { findMetrics, SCOPE_KINDS } from "./questions.ts";
import { useMetrics, useMetricsQuery } from "./useMetrics.ts";
import "./monitor.css";

interface Control<T> {
  id?: string;
  value?: T;
  onChange?: (value: T) => void;
  /** The accessible name, where no label stands beside it. */
  name?: string;
}

/** Both names, the unit and the formula: enough to choose without the manual. */
function MetricOption({ metric }: { metric: MetricDefinition }) {
  const { t } = useTranslation();
  return (
    <Tooltip title={label(metric.formula)} placement="left" mouseEnterDelay={0.3}>
      <span className="metric-option">
        <span className="grow ellipsis">{label(metric.name)}</span>
        <span className="meta ellipsis">{metric.name.en === label(metric.name) ? metric.name.zh : metric.name.en}</span>
        <span className="chip">{t(`unit.${metric.unit}`)}</span>
      </span>
    </Tooltip>
  );
}

export function MetricSelect({
  value,
  onChange,
  id,
  name,
  scope,
  only,
}: Control<string> & {
  /** Metrics that can be asked for this kind. */
  scope?: MetricScopeKind;
  only?: (metric: MetricDefinition) => boolean;
}) {
  const query = useMetricsQuery();
  const { list, byId } = useMetrics();
  const fitting = list.filter((one) => (!scope || one.scopes.includes(scope)) && (!only || only(one)));
  const known = value ? byId.get(value) : undefined;
  return (
    <div className="stack-tight">
      <Select
        id={id}
        aria-label={name}
        value={value || undefined}
        onChange={onChange}
        loading={query.isPending}
        showSearch={{ filterOption: (search, option) => !option || findMetrics([option.metric], search).length > 0 }}
        options={fitting.map((metric) => ({ value: metric.id, label: label(metric.name), metric }))}
        optionRender={(option) => <MetricOption metric={option.data.metric} />}
        popupMatchSelectWidth={420}
        data-testid="metric-select"
      />
      {known ? (
        <span className="meta ellipsis" title={label(known.formula)}>
          {label(known.formula)}
        </span>
      ) : null}
    </div>
  );
}

/** The whole house, one queue, one agent. `none` adds "as the rule says" for conditions. */
export function ScopeSelect({
  value,
  onChange,
  id,
  name,
  kinds = SCOPE_KINDS,
}: Control<MetricScope> & { kinds?: readonly MetricScopeKind[] }) {
  const { t } = useTranslation();
  const { queues, agents } = useDirectory();
  const groups = [
    { kind: "tenant", options: [{ value: "tenant:", label: t("monitor.all") }] },
    { kind: "queue", options: queues.map((one) => ({ value: `queue:${one.id}`, label: label(one.name) })) },
    { kind: "agent", options: agents.map((one) => ({ value: `agent:${one.id}`, label: one.display_name })) },
  ] as const;
  const options = groups
    .filter((one) => kinds.includes(one.kind))
    .map((one) => ({ label: t(`scopeKind.${one.kind}`), options: [...one.options] }));
  return (
    <Select
      id={id}
      aria-label={name}
      value={value ? textOf(value) : undefined}
      onChange={(text: string) => onChange?.(scopeOf(text))}
      showSearch={{ optionFilterProp: "label" }}
      options={options}
      data-testid="scope-select"
    />
  );
}

function textOf(scope: MetricScope): string | undefined {
  if (scope.of === "tenant") return "tenant:";
  const named = scope.of === "queue" ? scope.queue : scope.agent;
  return named ? `${scope.of}:${named}` : undefined;
}

function scopeOf(text: string): MetricScope {
  const [kind, named = ""] = text.split(":");
  if (kind === "queue") return { of: "queue", queue: named };
  return kind === "agent" ? { of: "agent", agent: named } : { of: "tenant" };
}

export function WindowSelect({
  value,
  onChange,
  id,
  name,
  metric,
}: Control<MetricWindow> & { metric: string | undefined }) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const windows = (metric && byId.get(metric)?.windows) || (value ? [value] : []);
  return (
    <Select
      id={id}
      aria-label={name}
      value={value}
      onChange={onChange}
      options={windows.map((one) => ({ value: one, label: t(`window.${one}`) }))}
      data-testid="window-select"
    />
  );
}
