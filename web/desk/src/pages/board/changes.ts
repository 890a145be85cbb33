/** What of a board's new numbers must be heard or looked up. Pure. */
import type { ComputedTile, Tile, TileLevel } from "@zhiyin/client/model";

type Tiles = Readonly<Record<string, ComputedTile>>;

/** Whether a tile with sound has just become critical. The first numbers of a board are no change. */
export function becameCritical(tiles: readonly Tile[], before: Tiles | null, after: Tiles): boolean {
  if (!before) return false;
  return tiles.some(
    ({ id, sound }) => sound && after[id]?.level === "critical" && before[id] && before[id].level !== "critical",
  );
}

/** The board was changed by somebody else: its numbers name other tiles than the page knows. */
export function isOutdated(tiles: readonly Tile[], live: Tiles): boolean {
  const ids = Object.keys(live);
  return ids.length !== tiles.length || tiles.some((one) => !(one.id in live));
}

const ORDER: readonly TileLevel[] = ["no_data", "ok", "warn", "critical"];

/** The worst level of a board, and how many tiles have each. */
export function levelsOf(live: Tiles): { worst: TileLevel; counts: Record<TileLevel, number> } {
  const counts: Record<TileLevel, number> = { no_data: 0, ok: 0, warn: 0, critical: 0 };
  let worst: TileLevel = "no_data";
  for (const { level } of Object.values(live)) {
    counts[level] += 1;
    if (ORDER.indexOf(level) > ORDER.indexOf(worst)) worst = level;
  }
  return { worst, counts };
}
