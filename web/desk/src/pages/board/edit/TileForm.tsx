import type { Label, MetricScope, ShownAs, Tile, TileShows } from "@zhiyin/client/model";
import { Button, Input, InputNumber, Segmented, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "../../../parts/Field.tsx";
import { Icon } from "../../../parts/Icon.tsx";
import { MetricSelect, ScopeSelect, WindowSelect } from "../../../parts/monitor/controls.tsx";
import { adapt } from "../../../parts/monitor/questions.ts";
import { useMetrics } from "../../../parts/monitor/useMetrics.ts";
import { newTile, POINTS_MAX, TILE_SIZE_MAX, type TileProblem } from "../draft.ts";
import { ColumnsField } from "./ColumnsField.tsx";
import { ThresholdsField } from "./ThresholdsField.tsx";

interface KindProps<K extends TileShows> {
  shows: K;
  onChange: (shows: TileShows) => void;
}

function Num(props: {
  id: string;
  label: string;
  value: number | null | undefined;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  hint?: string;
}) {
  return (
    <Field id={props.id} label={props.label} hint={props.hint}>
      <InputNumber
        id={props.id}
        value={props.value ?? null}
        min={props.min}
        max={props.max}
        onChange={props.onChange}
        style={{ width: "100%" }}
      />
    </Field>
  );
}

/** An empty number field is no number; the tile then says so instead of keeping the old one. */
const orNaN = (value: number | null) => value ?? Number.NaN;

function QuestionFields({ shows, onChange }: KindProps<ShownAs<"value"> | Extract<TileShows, { kind: "gauge" }>>) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const setMetric = (id: string) => {
    const metric = byId.get(id);
    // Thresholds are in the unit of the metric they were written for.
    if (metric) onChange({ ...adapt(shows, metric), thresholds: null });
  };
  return (
    <>
      <Field id="tile-metric" label={t("monitor.metric")}>
        <MetricSelect id="tile-metric" value={shows.metric} onChange={setMetric} />
      </Field>
      <div className="pair">
        <Field id="tile-scope" label={t("monitor.scope")}>
          <ScopeSelect
            id="tile-scope"
            value={shows.scope}
            kinds={byId.get(shows.metric)?.scopes}
            onChange={(scope: MetricScope) => onChange({ ...shows, scope })}
          />
        </Field>
        <Field id="tile-window" label={t("monitor.window")}>
          <WindowSelect
            id="tile-window"
            value={shows.window}
            metric={shows.metric}
            onChange={(window) => onChange({ ...shows, window })}
          />
        </Field>
      </div>
    </>
  );
}

function GaugeFields({ shows, onChange }: KindProps<Extract<TileShows, { kind: "gauge" }>>) {
  const { t } = useTranslation();
  return (
    <div className="triple">
      <Num
        id="tile-min"
        label={t("board.min")}
        value={shows.min}
        onChange={(min) => onChange({ ...shows, min: orNaN(min) })}
      />
      <Num
        id="tile-max"
        label={t("board.max")}
        value={shows.max}
        onChange={(max) => onChange({ ...shows, max: orNaN(max) })}
      />
      <Num
        id="tile-target"
        label={t("board.targetField")}
        value={shows.target}
        onChange={(target) => onChange({ ...shows, target })}
      />
    </div>
  );
}

function TrendFields({ shows, onChange }: KindProps<ShownAs<"trend">>) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const setMetric = (id: string) => {
    const metric = byId.get(id);
    if (metric) onChange(trendOf(adapt({ ...shows, window: "interval" }, metric)));
  };
  return (
    <>
      <Field id="tile-metric" label={t("monitor.metric")}>
        <MetricSelect id="tile-metric" value={shows.metric} onChange={setMetric} only={(one) => !one.live} />
      </Field>
      <div className="pair">
        <Field id="tile-scope" label={t("monitor.scope")}>
          <ScopeSelect
            id="tile-scope"
            value={shows.scope}
            kinds={byId.get(shows.metric)?.scopes}
            onChange={(scope) => onChange({ ...shows, scope })}
          />
        </Field>
        <Num
          id="tile-points"
          label={t("board.points")}
          hint={t("board.pointsHint")}
          value={shows.points}
          min={1}
          max={POINTS_MAX}
          onChange={(points) => onChange({ ...shows, points: orNaN(points) })}
        />
      </div>
    </>
  );
}

function trendOf({ metric, scope, points }: ShownAs<"trend">): ShownAs<"trend"> {
  return { kind: "trend", metric, scope, points };
}

function TableFields({ shows, onChange }: KindProps<Extract<TileShows, { kind: "table" }>>) {
  const { t } = useTranslation();
  const { rows } = shows;
  return (
    <>
      <div className="field">
        <span>{t("board.rowsOf")}</span>
        <Segmented
          value={rows.of}
          onChange={(of) =>
            onChange({
              ...shows,
              rows: of === "queues" ? { of } : { of: "agents", scope: { of: "tenant" } },
            })
          }
          options={[
            { value: "queues", label: t("board.rows.queues") },
            { value: "agents", label: t("board.rows.agents") },
          ]}
        />
      </div>
      {rows.of === "agents" ? (
        <Field id="tile-rows-scope" label={t("board.agentsOf")}>
          <ScopeSelect
            id="tile-rows-scope"
            value={rows.scope}
            kinds={["tenant", "queue"]}
            onChange={(scope) => onChange({ ...shows, rows: { of: "agents", scope } })}
          />
        </Field>
      ) : null}
      <ColumnsField
        kind={rows.of === "queues" ? "queue" : "agent"}
        columns={shows.columns}
        onChange={(columns) => onChange({ ...shows, columns })}
      />
    </>
  );
}

function KindFields({ shows, onChange }: KindProps<TileShows>) {
  switch (shows.kind) {
    case "value":
    case "gauge":
      return (
        <>
          <QuestionFields shows={shows} onChange={onChange} />
          {shows.kind === "gauge" ? <GaugeFields shows={shows} onChange={onChange} /> : null}
          <ThresholdsField
            id="tile-thresholds"
            metric={shows.metric}
            value={shows.thresholds ?? null}
            onChange={(thresholds) => onChange({ ...shows, thresholds })}
          />
        </>
      );
    case "trend":
      return <TrendFields shows={shows} onChange={onChange} />;
    case "table":
      return <TableFields shows={shows} onChange={onChange} />;
  }
}

function TitleFields({ title, onChange }: { title: Label | null; onChange: (title: Label | null) => void }) {
  const { t } = useTranslation();
  const set = (change: Partial<Label>) => {
    const next = { zh: "", en: "", ...title, ...change };
    onChange(next.zh || next.en ? next : null);
  };
  return (
    <div className="pair">
      <Field id="tile-title-zh" label={`${t("board.title")} · ${t("config.zh")}`}>
        <Input id="tile-title-zh" value={title?.zh ?? ""} onChange={(event) => set({ zh: event.target.value })} />
      </Field>
      <Field id="tile-title-en" label={`${t("board.title")} · ${t("config.en")}`}>
        <Input id="tile-title-en" value={title?.en ?? ""} onChange={(event) => set({ en: event.target.value })} />
      </Field>
    </div>
  );
}

/** Everything about one tile; each change shows in the grid at once. */
export function TileForm({
  tile,
  problem,
  onChange,
  onRemove,
}: {
  tile: Tile;
  problem: TileProblem | null;
  onChange: (tile: Tile) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { byId } = useMetrics();
  const setKind = (kind: TileShows["kind"]) => onChange({ ...tile, shows: newTile(kind, tile.id, byId).shows });
  return (
    <div className="stack" data-testid="tile-form">
      <Segmented
        block
        value={tile.shows.kind}
        onChange={setKind}
        options={(["value", "gauge", "trend", "table"] as const).map((value) => ({
          value,
          label: t(`board.kind.${value}`),
        }))}
      />
      {problem ? (
        <p className="form-error" role="alert">
          {t(`tileProblem.${problem}`)}
        </p>
      ) : null}
      <KindFields shows={tile.shows} onChange={(shows) => onChange({ ...tile, shows })} />
      <TitleFields title={tile.title ?? null} onChange={(title) => onChange({ ...tile, title })} />
      <p className="meta">{t("board.titleHint")}</p>
      <div className="pair">
        <Num
          id="tile-w"
          label={t("board.width")}
          value={tile.w}
          min={1}
          max={TILE_SIZE_MAX}
          onChange={(w) => w && onChange({ ...tile, w: Math.round(w) })}
        />
        <Num
          id="tile-h"
          label={t("board.height")}
          value={tile.h}
          min={1}
          max={TILE_SIZE_MAX}
          onChange={(h) => h && onChange({ ...tile, h: Math.round(h) })}
        />
      </div>
      <div className="row">
        <Switch id="tile-sound" checked={tile.sound} onChange={(sound) => onChange({ ...tile, sound })} />
        <label htmlFor="tile-sound">{t("board.sound")}</label>
      </div>
      <Button danger type="text" icon={<Icon name="trash" size={16} />} onClick={onRemove} data-testid="remove-tile">
        {t("board.removeTile")}
      </Button>
    </div>
  );
}
