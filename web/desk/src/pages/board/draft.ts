/** A board while it is changed: order, sizes, and whether the server would take it. Pure. */
import type {
  MetricDefinition,
  MetricName,
  MetricScope,
  MetricWindow,
  Thresholds,
  Tile,
  TileShows,
} from "@zhiyin/client/model";
import { firstThresholds } from "../../parts/monitor/level.ts";
import { firstWindow, fits, isWhole } from "../../parts/monitor/questions.ts";

export const GRID_COLUMNS = 12;
export const TILE_SIZE_MAX = 12;
export const TILES_MAX = 60;
export const TABLE_COLUMNS_MAX = 20;
export const POINTS_MAX = 96;

export interface Place {
  /** From 0. */
  column: number;
  row: number;
}

/** Where each tile lies when tiles flow in order: each goes to the first free place after the one before it. */
export function layout(tiles: readonly Pick<Tile, "w" | "h">[]): { places: Place[]; rows: number } {
  const taken = new Set<number>();
  const cell = (column: number, row: number) => row * GRID_COLUMNS + column;
  const isFree = (at: Place, w: number, h: number) => {
    if (at.column + w > GRID_COLUMNS) return false;
    for (let row = at.row; row < at.row + h; row++)
      for (let column = at.column; column < at.column + w; column++) if (taken.has(cell(column, row))) return false;
    return true;
  };
  const next = (at: Place): Place =>
    at.column + 1 < GRID_COLUMNS ? { ...at, column: at.column + 1 } : { column: 0, row: at.row + 1 };
  let cursor: Place = { column: 0, row: 0 };
  let rows = 0;
  const places = tiles.map((tile) => {
    const [w, h] = [clampSize(tile.w), clampSize(tile.h)];
    while (!isFree(cursor, w, h)) cursor = next(cursor);
    for (let row = cursor.row; row < cursor.row + h; row++)
      for (let column = cursor.column; column < cursor.column + w; column++) taken.add(cell(column, row));
    rows = Math.max(rows, cursor.row + h);
    return cursor;
  });
  return { places, rows };
}

function clampSize(size: number): number {
  return Math.max(1, Math.min(TILE_SIZE_MAX, Math.round(size)));
}

/** The tiles with one of them at another place in the order; out of range goes to the end. */
export function moved(tiles: readonly Tile[], id: string, to: number): Tile[] {
  const from = tiles.findIndex((one) => one.id === id);
  const tile = tiles[from];
  if (!tile) return [...tiles];
  const rest = tiles.filter((one) => one.id !== id);
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), tile, ...rest.slice(at)];
}

export function resized(tiles: readonly Tile[], id: string, by: { w?: number; h?: number }): Tile[] {
  return tiles.map((one) =>
    one.id === id ? { ...one, w: clampSize(one.w + (by.w ?? 0)), h: clampSize(one.h + (by.h ?? 0)) } : one,
  );
}

/** The first `t1`, `t2`, … that no tile has. */
export function freeId(tiles: readonly Tile[]): string {
  for (let n = 1; ; n++) {
    const id = `t${n}`;
    if (tiles.every((one) => one.id !== id)) return id;
  }
}

const SIZES: Record<TileShows["kind"], { w: number; h: number }> = {
  value: { w: 3, h: 2 },
  gauge: { w: 3, h: 3 },
  trend: { w: 6, h: 3 },
  table: { w: 6, h: 4 },
};

/** A new tile of a kind, about something that every house has. */
export function newTile(kind: TileShows["kind"], id: string, metrics: ReadonlyMap<string, MetricDefinition>): Tile {
  const base = { id, title: null, sound: false, ...SIZES[kind] };
  const tenant: MetricScope = { of: "tenant" };
  const has = (wanted: MetricName) => metrics.get(wanted) ?? [...metrics.values()][0];
  const question = (wanted: MetricName) => {
    const metric = has(wanted);
    return {
      metric: metric?.id ?? wanted,
      scope: tenant,
      window: metric ? firstWindow(metric) : ("now" as MetricWindow),
    };
  };
  switch (kind) {
    case "value":
      return { ...base, shows: { kind, ...question("waiting"), thresholds: null } };
    case "gauge":
      return { ...base, shows: { kind, ...question("service_level"), min: 0, max: 100, target: 80, thresholds: null } };
    case "trend":
      return { ...base, shows: { kind, metric: has("offered")?.id ?? "offered", scope: tenant, points: 16 } };
    case "table": {
      const { metric, window } = question("waiting");
      return { ...base, shows: { kind, rows: { of: "queues" }, columns: [{ metric, window, thresholds: null }] } };
    }
  }
}

/** Thresholds for a metric that has none yet. */
export function thresholdsFor(metric: MetricDefinition | undefined): Thresholds {
  return firstThresholds(metric?.unit ?? "count", metric?.better ?? "lower");
}

/** What the server would refuse a tile for; the key of the words that say it. */
export type TileProblem = "question" | "scope" | "numbers" | "points" | "columns" | "size" | "title";

function thresholdsFine(t: Thresholds | null | undefined): boolean {
  if (!t) return true;
  const whole = Number.isInteger(t.n_min) && t.n_min >= 0;
  return [t.warn, t.critical].every(Number.isFinite) && t.clear_ratio > 0 && t.clear_ratio <= 1 && whole;
}

function problemOfKind(shows: TileShows, metrics: ReadonlyMap<string, MetricDefinition>): TileProblem | null {
  switch (shows.kind) {
    case "value":
    case "gauge": {
      if (!isWhole(shows.scope)) return "scope";
      if (!fits(metrics.get(shows.metric), shows.scope.of, shows.window)) return "question";
      if (!thresholdsFine(shows.thresholds)) return "numbers";
      if (shows.kind === "value") return null;
      const numbers = [shows.min, shows.max, shows.target ?? 0];
      return numbers.every(Number.isFinite) && shows.min < shows.max ? null : "numbers";
    }
    case "trend":
      if (!Number.isInteger(shows.points) || shows.points < 1 || shows.points > POINTS_MAX) return "points";
      if (!isWhole(shows.scope)) return "scope";
      return fits(metrics.get(shows.metric), shows.scope.of, "interval") ? null : "question";
    case "table": {
      if (shows.columns.length < 1 || shows.columns.length > TABLE_COLUMNS_MAX) return "columns";
      if (shows.rows.of === "agents" && !isWhole(shows.rows.scope)) return "scope";
      const kind = shows.rows.of === "queues" ? "queue" : "agent";
      if (!shows.columns.every((one) => fits(metrics.get(one.metric), kind, one.window))) return "question";
      return shows.columns.every((one) => thresholdsFine(one.thresholds)) ? null : "numbers";
    }
  }
}

export function problemOf(tile: Tile, metrics: ReadonlyMap<string, MetricDefinition>): TileProblem | null {
  const size = (n: number) => Number.isInteger(n) && n >= 1 && n <= TILE_SIZE_MAX;
  if (!size(tile.w) || !size(tile.h)) return "size";
  if (tile.title && !(tile.title.zh && tile.title.en)) return "title";
  return problemOfKind(tile.shows, metrics);
}

/** Every tile that cannot be saved. Not to be asked before the catalogue is there. */
export function problemsOf(
  tiles: readonly Tile[],
  metrics: ReadonlyMap<string, MetricDefinition>,
): Map<string, TileProblem> {
  const found = new Map<string, TileProblem>();
  for (const tile of tiles) {
    const problem = problemOf(tile, metrics);
    if (problem) found.set(tile.id, problem);
  }
  return found;
}

/** Whether two tiles show the same number, so that the live one of the saved board may stand in the draft. */
export function asksTheSame(a: TileShows, b: TileShows): boolean {
  const bare = (key: string, value: unknown) =>
    ["thresholds", "min", "max", "target"].includes(key) ? undefined : value;
  return JSON.stringify(a, bare) === JSON.stringify(b, bare);
}
