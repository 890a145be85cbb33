import type { ComputedTile } from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { boardStaleSince, type FollowedBoard, keepBoards, reduceBoard } from "./board.ts";

const tile = (value: number, level: ComputedTile["level"] = "ok"): ComputedTile => ({
  level,
  shown: { kind: "value", value: { numerator: value, denominator: 1, value, n: value }, level },
});

type Message = [type: string, data: object, now: number];
function after(messages: Message[], from: ReadonlyMap<string, FollowedBoard> = new Map()) {
  return messages.reduce((boards, [type, data, now]) => reduceBoard(boards, type, { board: "b", ...data }, now), from);
}

const whole: Message = ["board", { at: "2026-11-22T08:00:00Z", tiles: { a: tile(1), b: tile(2) } }, 1000];

describe("reduceBoard", () => {
  it("takes the whole board", () => {
    const one = after([whole]).get("b");
    expect(Object.keys(one?.computed?.tiles ?? {})).toEqual(["a", "b"]);
    expect(one).toMatchObject({ heardAt: 1000, gone: false });
  });

  it("changes, adds and removes tiles, and keeps the others as they are", () => {
    const before = after([whole]);
    const next = after(
      [
        [
          "change",
          { at: "2026-11-22T08:00:01Z", changed: { a: tile(9, "critical"), c: tile(3) }, removed: ["b"] },
          2000,
        ],
      ],
      before,
    ).get("b");
    expect(next?.computed?.tiles).toEqual({ a: tile(9, "critical"), c: tile(3) });
    expect(next?.computed?.at).toBe("2026-11-22T08:00:01Z");
    expect(next?.heardAt).toBe(2000);
    expect(before.get("b")?.computed?.tiles.b).toEqual(tile(2));
  });

  it("a sign of life moves the time and nothing else", () => {
    const before = after([whole]);
    const next = after([["alive", { at: "2026-11-22T08:00:02Z" }, 3000]], before).get("b");
    expect(next?.computed?.tiles).toBe(before.get("b")?.computed?.tiles);
    expect(next).toMatchObject({ heardAt: 3000, computed: { at: "2026-11-22T08:00:02Z" } });
  });

  it("a deleted board keeps its last numbers and says so", () => {
    expect(after([whole, ["gone", {}, 4000]]).get("b")).toMatchObject({ gone: true, computed: { board: "b" } });
  });

  it.each([["change"], ["alive"], ["later_invention"]])("%s of an unknown board changes nothing", (type) => {
    const none = new Map<string, FollowedBoard>();
    expect(after([[type, { at: "x", changed: {}, removed: [] }, 1]], none)).toBe(none);
  });

  it("counts how often the whole came", () => {
    expect(after([whole, ["alive", { at: "x" }, 2], whole]).get("b")?.wholes).toBe(2);
  });

  it("boards do not mix", () => {
    const both = after([whole, ["board", { board: "other", at: "x", tiles: {} }, 5]]);
    expect(both.get("b")?.computed?.tiles.a).toEqual(tile(1));
    expect(both.size).toBe(2);
    expect([...keepBoards(both, ["other"]).keys()]).toEqual(["other"]);
  });
});

describe("boardStaleSince", () => {
  const board = after([whole]).get("b");
  it.each([
    ["fresh", "live", 1000, null],
    ["five seconds are still fine", "live", 6000, null],
    ["more are not", "live", 6001, 1000],
    ["a cut stream is, at once", "lost", 1001, 1000],
    ["so is one that comes back", "connecting", 1001, 1000],
  ] as const)("%s", (_name, connection, now, since) => {
    expect(boardStaleSince(board, connection, now)).toBe(since);
  });
  it("says nothing before the first numbers, and of a deleted board", () => {
    expect(boardStaleSince(undefined, "lost", 9999)).toBeNull();
    expect(boardStaleSince(board && { ...board, gone: true }, "lost", 9999)).toBeNull();
  });
});
