/** A board as it is configured, with its numbers as they come. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { boards } from "@zhiyin/client/api";
import type { BoardLive, Tile } from "@zhiyin/client/model";
import { useEffect, useRef } from "react";
import { alarm } from "../../live/alarm.ts";
import { boardStaleSince, type FollowedBoard } from "../../live/board.ts";
import { followBoards } from "../../live/session.ts";
import { useLive } from "../../live/store.ts";
import { useTick } from "../../parts/time.ts";
import { becameCritical, isOutdated } from "./changes.ts";

const NONE: readonly Tile[] = [];

export function useBoardQuery(id: string) {
  return useQuery({ queryKey: ["boards", id], queryFn: () => boards.get(id), staleTime: 0 });
}

/** Follows the board while the page shows it. */
export function useBoardLive(id: string): FollowedBoard | undefined {
  useEffect(() => followBoards([id]), [id]);
  return useLive((state) => state.boards.get(id));
}

/** Since when (local milliseconds) its numbers stand still; repaints twice a second. */
export function useBoardStale(board: FollowedBoard | undefined): number | null {
  useTick();
  const connection = useLive((state) => state.connection);
  return boardStaleSince(board, connection, Date.now());
}

/** A tone when a tile that wants one becomes critical. */
export function useTileSound(tiles: readonly Tile[] = NONE, live: BoardLive["tiles"] | undefined): void {
  const before = useRef<BoardLive["tiles"] | null>(null);
  useEffect(() => {
    if (!live) return;
    if (becameCritical(tiles, before.current, live)) alarm.play("critical");
    before.current = live;
  }, [tiles, live]);
}

/**
 * Fetches the board again when somebody else changed it: its numbers come whole once more, or they name other tiles. Once for each
 * such moment, so that a board that cannot be read does not become a loop.
 */
export function useKeepUp(id: string, tiles: readonly Tile[] | undefined, live: FollowedBoard | undefined): void {
  const client = useQueryClient();
  const wholes = live?.wholes ?? 0;
  const computed = live?.computed?.tiles;
  const outdated = tiles && computed && isOutdated(tiles, computed) ? Object.keys(computed).sort().join() : "";
  useEffect(() => {
    if (wholes > 1 || outdated !== "") void client.invalidateQueries({ queryKey: ["boards", id] });
  }, [client, id, wholes, outdated]);
}
