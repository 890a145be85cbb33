import type { BoardRow, MetricScope, ShownAs, TileShown } from "@zhiyin/client/model";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { label } from "../../i18n/index.ts";
import { LevelMark } from "../../parts/monitor/LevelMark.tsx";
import { type Metrics, scopeKey, useScopeName } from "../../parts/monitor/useMetrics.ts";
import { NumberButton } from "./NumberButton.tsx";
import type { Ask } from "./TileView.tsx";

function RowName({ scope, linked }: { scope: MetricScope; linked: boolean }) {
  const name = useScopeName()(scope);
  if (!linked || scope.of === "tenant") return <>{name}</>;
  const query = scope.of === "agent" ? `agent=${scope.agent}` : `queue=${scope.queue}`;
  return <Link to={`/team?${query}`}>{name}</Link>;
}

function Cells({ row, shows, ask }: { row: BoardRow; shows: ShownAs<"table">; ask?: Ask }) {
  // The cell's colour and mark say the level; the number itself stays as readable as its neighbours.
  return shows.columns.map((column, at) => {
    const cell = row.cells[at] ?? { value: null, level: "no_data" as const };
    const marked = cell.level === "warn" || cell.level === "critical";
    return (
      // The same number may stand in two columns: its place is its name.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <td key={at} className={marked ? `cell-${cell.level}` : ""}>
        <span className="cell">
          {marked ? <LevelMark level={cell.level} size={10} /> : null}
          <NumberButton question={{ ...column, scope: row.scope }} value={cell.value} level="ok" ask={ask} />
        </span>
      </td>
    );
  });
}

export function TableBody({
  shows,
  shown,
  ask,
  metrics,
}: {
  shows: ShownAs<"table">;
  shown: (TileShown & { kind: "table" }) | null;
  ask?: Ask;
  metrics: Metrics;
}) {
  const { t } = useTranslation();
  return (
    <div className="table-tile scroll" style={{ "--rows": shown?.rows.length ?? 0 } as CSSProperties}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(shows.rows.of === "queues" ? "board.queue" : "board.agent")}</th>
            {shows.columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name than their place
              <th key={at} scope="col" title={label(metrics.byId.get(column.metric)?.formula)}>
                {metrics.nameOf(column.metric)}
                <span className="meta">{t(`window.${column.window}`)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown?.rows.map((row) => (
            <tr key={scopeKey(row.scope)}>
              <th scope="row" className="ellipsis">
                <RowName scope={row.scope} linked={ask !== undefined} />
              </th>
              <Cells row={row} shows={shows} ask={ask} />
            </tr>
          ))}
        </tbody>
      </table>
      {shown && shown.rows.length === 0 ? <p className="meta">{t("board.noRows")}</p> : null}
      {shown?.more ? <p className="meta">{t("board.moreRows")}</p> : null}
    </div>
  );
}
