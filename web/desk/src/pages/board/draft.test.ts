import type {
  BoardColumn,
  MetricDefinition,
  MetricName,
  MetricScopeKind,
  ShownAs,
  Tile,
  TileShows,
} from "@zhiyin/client/model";
import { describe, expect, it } from "vitest";
import { freeKey, TEMPLATES, tilesOf } from "../boards/templates.ts";
import { asksTheSame, freeId, layout, moved, newTile, problemOf, problemsOf, resized } from "./draft.ts";

/** As in the catalogue: id, scopes (tenant, queue, agent), of this moment or over time. */
const ROWS: [MetricName, string, boolean][] = [
  ["waiting", "tq", true],
  ["longest_wait", "tq", true],
  ["agents_signed_in", "tqa", true],
  ["agents_available", "tqa", true],
  ["agents_on_call", "tqa", true],
  ["agents_wrap_up", "tqa", true],
  ["agents_break", "tqa", true],
  ["agents_away", "tqa", true],
  ["longest_wrap_up", "tqa", true],
  ["service_level", "tq", false],
  ["answer_rate", "tq", false],
  ["abandon_rate_net", "tq", false],
  ["asa", "tq", false],
  ["offered", "tq", false],
  ["handled", "tqa", false],
  ["aht", "tqa", false],
  ["occupancy", "tqa", false],
  ["agent_answer_rate", "tqa", false],
  ["time_break", "tqa", false],
];
const KINDS: Record<string, MetricScopeKind> = { t: "tenant", q: "queue", a: "agent" };
const metrics = new Map<string, MetricDefinition>(
  ROWS.map(([id, scopes, live]) => [
    id,
    {
      id,
      name: { zh: id, en: id },
      unit: "count",
      better: "lower",
      live,
      formula: { zh: "", en: "" },
      source: "",
      scopes: [...scopes].map((one) => KINDS[one] as MetricScopeKind),
      windows: live ? ["now"] : ["interval", "last_interval", "last_15_min", "last_30_min", "today"],
    },
  ]),
);

const sized = (...sizes: [number, number][]) => sizes.map(([w, h]) => ({ w, h }));
const tile = (id: string, shows: object = {}, change: Partial<Tile> = {}): Tile => ({
  id,
  title: null,
  w: 3,
  h: 2,
  sound: false,
  shows: {
    kind: "value",
    metric: "waiting",
    scope: { of: "tenant" },
    window: "now",
    thresholds: null,
    ...shows,
  } as TileShows,
  ...change,
});

describe("layout", () => {
  it("flows in order and wraps", () => {
    const { places, rows } = layout(sized([6, 2], [6, 2], [3, 1]));
    expect(places).toEqual([
      { column: 0, row: 0 },
      { column: 6, row: 0 },
      { column: 0, row: 2 },
    ]);
    expect(rows).toBe(3);
  });
  it("fills beside a tall tile, never before the tile that came earlier", () => {
    const { places } = layout(sized([4, 3], [8, 1], [8, 1], [12, 1], [2, 1]));
    expect(places).toEqual([
      { column: 0, row: 0 },
      { column: 4, row: 0 },
      { column: 4, row: 1 },
      { column: 0, row: 3 },
      { column: 0, row: 4 },
    ]);
  });
  it("no two tiles lie on each other, whatever the sizes", () => {
    let seed = 7;
    const random = (max: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return 1 + (seed % max);
    };
    for (let round = 0; round < 50; round++) {
      const tiles = Array.from({ length: 20 }, () => ({ w: random(12), h: random(5) }));
      const { places, rows } = layout(tiles);
      const cells = tiles.flatMap((one, i) => {
        const at = places[i] ?? { column: 99, row: 99 };
        return Array.from({ length: one.w * one.h }, (_, n) => {
          const [column, row] = [at.column + (n % one.w), at.row + Math.floor(n / one.w)];
          expect(column).toBeLessThan(12);
          expect(row).toBeLessThan(rows);
          return row * 12 + column;
        });
      });
      expect(new Set(cells).size).toBe(cells.length);
    }
  });
  it("an empty board has no rows", () => expect(layout([])).toEqual({ places: [], rows: 0 }));
});

describe("order and size", () => {
  const tiles = [tile("a"), tile("b"), tile("c")];
  const ids = (list: Tile[]) => list.map((one) => one.id).join("");
  it.each([
    ["a", 1, "bac"],
    ["a", 2, "bca"],
    ["c", 0, "cab"],
    ["b", -1, "bac"],
    ["b", 99, "acb"],
    ["x", 0, "abc"],
  ])("%s to %i gives %s", (id, to, order) => expect(ids(moved(tiles, id, to))).toBe(order));
  it("sizes stay between 1 and 12", () => {
    expect(resized(tiles, "a", { w: 1, h: -1 })[0]).toMatchObject({ w: 4, h: 1 });
    expect(resized(tiles, "a", { w: -9, h: 99 })[0]).toMatchObject({ w: 1, h: 12 });
    expect(resized(tiles, "a", { w: 1 })[1]).toBe(tiles[1]);
  });
  it("new tiles get a name that is free", () => {
    expect(freeId([])).toBe("t1");
    expect(freeId([tile("t1"), tile("t3")])).toBe("t2");
  });
});

describe("problemOf", () => {
  const bad = { warn: 1, critical: 2, n_min: 0, clear_ratio: 0.9 };
  const column: BoardColumn = { metric: "waiting", window: "now", thresholds: null };
  const gauge: ShownAs<"gauge"> = {
    kind: "gauge",
    metric: "asa",
    scope: { of: "tenant" },
    window: "today",
    min: 0,
    max: 9,
    target: null,
    thresholds: null,
  };
  it.each<[string, Tile, string | null]>([
    ["a fine one", tile("a"), null],
    ["thresholds", tile("a", { thresholds: bad }), null],
    ["an unknown metric", tile("a", { metric: "nothing" }), "question"],
    ["a window the metric has not", tile("a", { window: "today" }), "question"],
    ["a scope the metric has not", tile("a", { scope: { of: "agent", agent: "u" } }), "question"],
    ["a queue not chosen", tile("a", { scope: { of: "queue", queue: "" } }), "scope"],
    ["a ratio above one", tile("a", { thresholds: { ...bad, clear_ratio: 1.1 } }), "numbers"],
    ["no number", tile("a", { thresholds: { ...bad, warn: Number.NaN } }), "numbers"],
    ["a gauge", { ...tile("a"), shows: gauge }, null],
    ["a gauge upside down", { ...tile("a"), shows: { ...gauge, min: 9 } }, "numbers"],
    ["too many points", tile("a", { kind: "trend", metric: "asa", points: 97 }), "points"],
    ["a trend of this moment", tile("a", { kind: "trend", metric: "waiting", points: 4 }), "question"],
    ["a table without columns", tile("a", { kind: "table", rows: { of: "queues" }, columns: [] }), "columns"],
    ["a table", tile("a", { kind: "table", rows: { of: "queues" }, columns: [column] }), null],
    [
      "agents have no queue of their own",
      tile("a", { kind: "table", rows: { of: "agents", scope: { of: "tenant" } }, columns: [column] }),
      "question",
    ],
    ["too wide", tile("a", {}, { w: 13 }), "size"],
    ["half a title", tile("a", {}, { title: { zh: "x", en: "" } }), "title"],
  ])("%s", (_name, one, problem) => expect(problemOf(one, metrics)).toBe(problem));
});

describe("templates and new tiles", () => {
  it.each(TEMPLATES.flatMap((name) => [null, "q1"].map((queue) => [name, queue] as const)))(
    "%s about %s is a board the server takes",
    (name, queue) => {
      const tiles = tilesOf(name, queue);
      expect([...problemsOf(tiles, metrics)]).toEqual([]);
      expect(new Set(tiles.map((one) => one.id)).size).toBe(tiles.length);
    },
  );
  it.each(["value", "gauge", "trend", "table"] as const)("a new %s is fine as it is", (kind) => {
    expect(problemOf(newTile(kind, "t1", metrics), metrics)).toBeNull();
  });
  it("keys do not clash", () => {
    expect(freeKey("service", [])).toBe("service");
    expect(freeKey("service", ["service", "service-2"])).toBe("service-3");
  });
});

describe("asksTheSame", () => {
  it("colours and scales do not matter, the question does", () => {
    const plain = tile("a").shows;
    expect(asksTheSame(plain, { ...plain, thresholds: null } as TileShows)).toBe(true);
    expect(asksTheSame(plain, { ...plain, window: "today" } as TileShows)).toBe(false);
  });
});
