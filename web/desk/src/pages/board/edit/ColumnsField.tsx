import type { BoardColumn, MetricScopeKind } from "@zhiyin/client/model";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../parts/Icon.tsx";
import { MetricSelect, WindowSelect } from "../../../parts/monitor/controls.tsx";
import { firstWindow } from "../../../parts/monitor/questions.ts";
import { useMetrics } from "../../../parts/monitor/useMetrics.ts";
import { RemoveButton } from "../../../parts/RemoveButton.tsx";
import { TABLE_COLUMNS_MAX } from "../draft.ts";
import { ThresholdsField } from "./ThresholdsField.tsx";

/** The columns of a table, each a metric over a time with its own colours. */
export function ColumnsField({
  kind,
  columns,
  onChange,
}: {
  kind: MetricScopeKind;
  columns: BoardColumn[];
  onChange: (columns: BoardColumn[]) => void;
}) {
  const { t } = useTranslation();
  const { byId, list, nameOf } = useMetrics();
  const set = (at: number, change: Partial<BoardColumn>) =>
    onChange(columns.map((one, i) => (i === at ? { ...one, ...change } : one)));
  const setMetric = (at: number, column: BoardColumn, id: string) => {
    const metric = byId.get(id);
    if (!metric) return;
    const window = metric.windows.includes(column.window) ? column.window : firstWindow(metric);
    set(at, { metric: metric.id, window, thresholds: null });
  };
  const add = () => {
    const metric = list.find((one) => one.scopes.includes(kind) && columns.every((column) => column.metric !== one.id));
    if (metric) onChange([...columns, { metric: metric.id, window: firstWindow(metric), thresholds: null }]);
  };
  return (
    <fieldset className="plain-set stack">
      <legend className="minor">{t("board.columns")}</legend>
      {columns.map((column, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name than its place
        <div key={at} className="sub">
          <div className="sub-head">
            <h3 className="grow minor ellipsis">{nameOf(column.metric)}</h3>
            <Button
              type="text"
              size="small"
              disabled={at === 0}
              aria-label={t("board.columnUp")}
              icon={<Icon name="up" size={16} />}
              onClick={() => onChange(swapped(columns, at))}
            />
            <RemoveButton small onClick={() => onChange(columns.filter((_, i) => i !== at))} />
          </div>
          <div className="stack" style={{ paddingBottom: 12 }}>
            <MetricSelect
              name={t("monitor.metric")}
              value={column.metric}
              scope={kind}
              onChange={(id) => setMetric(at, column, id)}
            />
            <WindowSelect
              name={t("monitor.window")}
              value={column.window}
              metric={column.metric}
              onChange={(window) => set(at, { window })}
            />
            <ThresholdsField
              id={`column-${at}`}
              metric={column.metric}
              value={column.thresholds ?? null}
              onChange={(thresholds) => set(at, { thresholds })}
            />
          </div>
        </div>
      ))}
      <Button icon={<Icon name="plus" size={16} />} disabled={columns.length >= TABLE_COLUMNS_MAX} onClick={add}>
        {t("board.addColumn")}
      </Button>
    </fieldset>
  );
}

/** The column at this place one further to the front. */
function swapped(columns: readonly BoardColumn[], at: number): BoardColumn[] {
  const [a, b] = [columns[at - 1], columns[at]];
  return a && b ? columns.map((one, i) => (i === at - 1 ? b : i === at ? a : one)) : [...columns];
}
