import type { BoardLive, Tile } from "@zhiyin/client/model";
import { memo } from "react";
import { layout } from "./draft.ts";
import { type Ask, TileView } from "./TileView.tsx";

/** The tiles in their places. `fill` stretches the rows over the height there is, for a wall. */
export const BoardGrid = memo(function BoardGrid({
  tiles,
  live,
  ask,
  fill = false,
}: {
  tiles: readonly Tile[];
  live: BoardLive["tiles"] | undefined;
  ask?: Ask;
  fill?: boolean;
}) {
  const { places, rows } = layout(tiles);
  const stretch = fill ? { gridTemplateRows: `repeat(${Math.max(1, rows)}, minmax(0, 1fr))` } : undefined;
  return (
    <ul className="board-grid" style={stretch}>
      {tiles.map((tile, i) => {
        const at = places[i] ?? { column: 0, row: 0 };
        return (
          <li
            key={tile.id}
            style={{ gridColumn: `${at.column + 1} / span ${tile.w}`, gridRow: `${at.row + 1} / span ${tile.h}` }}
            data-testid={`tile-${tile.id}`}
          >
            <TileView tile={tile} computed={live?.[tile.id]} ask={ask} />
          </li>
        );
      })}
    </ul>
  );
});
