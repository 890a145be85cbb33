/** The numbers of a board as they come: a whole one first, then what changed, and a sign of life in between. Pure. */

import type { BoardChange, BoardLive } from "@zhiyin/client/model";
import type { Connection } from "@zhiyin/client/socket";

export interface FollowedBoard {
  computed: BoardLive | null;
  /** Local milliseconds of the last message about it. */
  heardAt: number;
  /** How many times the whole board came: again after a reconnect, and when somebody changed it. */
  wholes: number;
  /** It was deleted. */
  gone: boolean;
}

/** The server says `alive` at least every 2 s; two of them lost is a stalled board. */
export const STALE_AFTER_MS = 5_000;

/** One message of the topic `board`; those of boards that nobody follows any more come late and change nothing. */
export function reduceBoard(
  boards: ReadonlyMap<string, FollowedBoard>,
  type: string,
  data: unknown,
  now: number,
): ReadonlyMap<string, FollowedBoard> {
  const { board } = data as { board: string };
  const known = boards.get(board);
  const next = after(known, type, data, now);
  return next && next !== known ? new Map(boards).set(board, next) : boards;
}

function after(known: FollowedBoard | undefined, type: string, data: unknown, now: number): FollowedBoard | undefined {
  switch (type) {
    case "board":
      return { computed: data as BoardLive, heardAt: now, wholes: (known?.wholes ?? 0) + 1, gone: false };
    case "change":
      // Without the whole there is nothing to change; the server sends it first.
      return known?.computed
        ? { ...known, computed: changed(known.computed, data as BoardChange), heardAt: now }
        : known;
    case "alive":
      return known?.computed
        ? { ...known, computed: { ...known.computed, at: (data as { at: number }).at }, heardAt: now }
        : known;
    case "gone":
      return { computed: known?.computed ?? null, heardAt: now, wholes: known?.wholes ?? 0, gone: true };
    default:
      return known;
  }
}

function changed(computed: BoardLive, change: BoardChange): BoardLive {
  const tiles = { ...computed.tiles, ...change.changed };
  for (const id of change.removed) delete tiles[id];
  return { ...computed, at: change.at, tiles };
}

/** Since when (local milliseconds) what is shown may be old; null while it is live or not there yet. */
export function boardStaleSince(board: FollowedBoard | undefined, connection: Connection, now: number): number | null {
  if (!board?.computed || board.gone) return null;
  return connection !== "live" || now - board.heardAt > STALE_AFTER_MS ? board.heardAt : null;
}

/** Keeps the boards that are followed and forgets the others. */
export function keepBoards(
  boards: ReadonlyMap<string, FollowedBoard>,
  ids: readonly string[],
): Map<string, FollowedBoard> {
  return new Map([...boards].filter(([id]) => ids.includes(id)));
}
