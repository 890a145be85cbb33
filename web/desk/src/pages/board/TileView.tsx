/** One tile: what it is about, its level as shape, word and colour, and its number, each of which opens what it was counted from. */

import type { ComputedTile, MetricQuestion, MetricScope, Tile, TileLevel, TileShows } from "@zhiyin/client/model";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { label } from "../../i18n/index.ts";
import { Icon } from "../../parts/Icon.tsx";
import { LevelMark } from "../../parts/monitor/LevelMark.tsx";
import { type Metrics, useMetrics, useScopeName } from "../../parts/monitor/useMetrics.ts";
import { GaugeBody } from "./GaugeBody.tsx";
import { NumberButton } from "./NumberButton.tsx";
import { TableBody } from "./TableBody.tsx";
import { TrendBody } from "./TrendBody.tsx";

export type Ask = (question: MetricQuestion) => void;

/** What a tile is called: its own title, else its metric. */
export function useTileName(): (tile: Tile) => string {
  const { t } = useTranslation();
  const { nameOf } = useMetrics();
  return (tile) => {
    if (tile.title) return label(tile.title);
    return tile.shows.kind === "table" ? t(`board.rows.${tile.shows.rows.of}`) : nameOf(tile.shows.metric);
  };
}

function scopeOf(shows: TileShows): MetricScope {
  if (shows.kind !== "table") return shows.scope;
  return shows.rows.of === "agents" ? shows.rows.scope : { of: "tenant" };
}

function Foot({ shows }: { shows: TileShows }) {
  const { t } = useTranslation();
  const scopeName = useScopeName();
  const scope = scopeOf(shows);
  // A table names its rows itself; only whose agents they are needs a word.
  if (shows.kind === "table" && scope.of === "tenant") return null;
  const window =
    shows.kind === "trend"
      ? t("board.trendSpan", { hours: Math.round((shows.points / 4) * 10) / 10 })
      : shows.kind === "table"
        ? ""
        : t(`window.${shows.window}`);
  return (
    <p className="tile-foot meta ellipsis">{[scopeName(scope), window].filter(Boolean).join(" · ") || "\u00a0"}</p>
  );
}

function Body({ tile, computed, ask, metrics }: { tile: Tile; computed?: ComputedTile; ask?: Ask; metrics: Metrics }) {
  const { shows } = tile;
  const shown = computed?.shown;
  switch (shows.kind) {
    case "value":
      return (
        <NumberButton
          question={shows}
          value={shown?.kind === "value" ? shown.value : null}
          level={computed?.level ?? "no_data"}
          ask={ask}
          className="tile-figure"
        />
      );
    case "gauge":
      return <GaugeBody shows={shows} computed={computed} ask={ask} />;
    case "trend":
      return <TrendBody shows={shows} points={shown?.kind === "trend" ? shown.points : []} ask={ask} />;
    case "table":
      return <TableBody shows={shows} shown={shown?.kind === "table" ? shown : null} ask={ask} metrics={metrics} />;
  }
}

export const TileView = memo(function TileView({
  tile,
  computed,
  level = computed?.level ?? "no_data",
  ask,
  extra,
}: {
  tile: Tile;
  computed?: ComputedTile;
  /** Another level than the computed one: the preview of thresholds. */
  level?: TileLevel;
  ask?: Ask;
  extra?: ReactNode;
}) {
  const { t } = useTranslation();
  const metrics = useMetrics();
  const name = useTileName()(tile);
  return (
    <article className={`tile tile-${level}`} data-level={level} data-kind={tile.shows.kind} aria-label={name}>
      <header className="tile-head">
        <h2 className="tile-name ellipsis" title={name}>
          {name}
        </h2>
        {tile.sound ? (
          <span className="tile-sound" title={t("board.sound")}>
            <Icon name="bell" size={14} />
          </span>
        ) : null}
        <LevelMark level={level} word={level === "warn" || level === "critical"} />
        {extra}
      </header>
      <div className="tile-body">
        <Body tile={tile} computed={computed} ask={ask} metrics={metrics} />
      </div>
      <Foot shows={tile.shows} />
    </article>
  );
});
