import type { BoardLive, ComputedTile, Tile, TileLevel } from "@zhiyin/client/model";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { levelOf } from "../../../parts/monitor/level.ts";
import { useMetrics } from "../../../parts/monitor/useMetrics.ts";
import { asksTheSame, layout, type TileProblem } from "../draft.ts";
import { TileView, useTileName } from "../TileView.tsx";

export interface GridDraft {
  tiles: Tile[];
  chosen: Tile | null;
  problems: Map<string, TileProblem>;
  choose: (id: string | null) => void;
  remove: (id: string) => void;
  move: (id: string, to: number) => void;
  resize: (id: string, by: { w?: number; h?: number }) => void;
}

const MOVES: Record<string, -1 | 1> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const SIZES: Record<string, { w?: number; h?: number }> = {
  ArrowLeft: { w: -1 },
  ArrowRight: { w: 1 },
  ArrowUp: { h: -1 },
  ArrowDown: { h: 1 },
};

/** The live number of the saved tile stands in the draft as long as both ask the same. */
function numberOf(tile: Tile, saved: readonly Tile[], live: BoardLive["tiles"] | undefined): ComputedTile | undefined {
  const before = saved.find((one) => one.id === tile.id);
  return before && asksTheSame(before.shows, tile.shows) ? live?.[tile.id] : undefined;
}

function usePreviewLevel(): (tile: Tile, computed: ComputedTile | undefined) => TileLevel | undefined {
  const { byId } = useMetrics();
  return (tile, computed) => {
    const { shows } = tile;
    if (computed?.shown.kind !== "value" || (shows.kind !== "value" && shows.kind !== "gauge")) return undefined;
    return levelOf(computed.shown.value, shows.thresholds, byId.get(shows.metric)?.better ?? "neither");
  };
}

function useTileKeys(draft: GridDraft, say: (words: string) => void) {
  const { t } = useTranslation();
  return (event: React.KeyboardEvent, tile: Tile, at: number) => {
    const move = MOVES[event.key];
    const size = SIZES[event.key];
    if (event.key === "Delete") {
      draft.remove(tile.id);
      say(t("board.removed"));
    } else if (event.altKey && size) {
      draft.resize(tile.id, size);
      say(t("board.size", { w: tile.w + (size.w ?? 0), h: tile.h + (size.h ?? 0) }));
    } else if (move !== undefined && !event.ctrlKey && !event.metaKey) {
      const to = Math.max(0, Math.min(draft.tiles.length - 1, at + move));
      draft.move(tile.id, to);
      say(t("board.place", { at: to + 1, of: draft.tiles.length }));
    } else return;
    event.preventDefault();
  };
}

/** The tiles where they will be; drag, or arrows move and Alt with arrows resizes. */
export function EditGrid({
  draft,
  saved,
  live,
}: {
  draft: GridDraft;
  saved: readonly Tile[];
  live: BoardLive["tiles"] | undefined;
}) {
  const { t } = useTranslation();
  const name = useTileName();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const onKey = useTileKeys(draft, setSaid);
  const previewLevel = usePreviewLevel();
  const { places } = layout(draft.tiles);
  return (
    <div className="edit-main">
      <p className="meta edit-hint">{t("board.editHint")}</p>
      <div className="visually-hidden" aria-live="polite">
        {said}
      </div>
      <ul className="board-grid">
        {draft.tiles.map((tile, i) => {
          const at = places[i] ?? { column: 0, row: 0 };
          const computed = numberOf(tile, saved, live);
          const problem = draft.problems.get(tile.id);
          const isChosen = draft.chosen?.id === tile.id;
          return (
            <li
              key={tile.id}
              className={`edit-tile ${isChosen ? "is-chosen" : ""} ${over === tile.id ? "is-over" : ""}`}
              style={{ gridColumn: `${at.column + 1} / span ${tile.w}`, gridRow: `${at.row + 1} / span ${tile.h}` }}
              data-testid={`edit-${tile.id}`}
              onDragOver={(event) => {
                if (!dragged) return;
                event.preventDefault();
                setOver(tile.id);
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged) draft.move(dragged, i);
                setOver(null);
              }}
            >
              <TileView tile={tile} computed={computed} level={previewLevel(tile, computed)} />
              {problem ? <p className="edit-problem">{t(`tileProblem.${problem}`)}</p> : null}
              <button
                type="button"
                className="plain edit-handle"
                draggable
                aria-pressed={isChosen}
                aria-label={t("board.tileAt", { name: name(tile), at: i + 1, of: draft.tiles.length })}
                onClick={() => draft.choose(isChosen ? null : tile.id)}
                onKeyDown={(event) => onKey(event, tile, i)}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = "move";
                  event.dataTransfer.setData("text/plain", tile.id);
                  setDragged(tile.id);
                }}
                onDragEnd={() => {
                  setDragged(null);
                  setOver(null);
                }}
              />
            </li>
          );
        })}
      </ul>
      {draft.tiles.length === 0 ? <p className="meta">{t("board.noTiles")}</p> : null}
    </div>
  );
}
