/** Boards to begin with. Whoever takes one changes it afterwards. Pure. */
import type {
  BoardColumn,
  Label,
  MetricName,
  MetricScope,
  MetricWindow,
  Thresholds,
  Tile,
  TileShows,
} from "@zhiyin/client/model";

export type TemplateName = "service" | "queue" | "team";
export const TEMPLATES: readonly TemplateName[] = ["service", "queue", "team"];

const bounds = (warn: number, critical: number, n_min = 0): Thresholds => ({ warn, critical, n_min, clear_ratio: 0.9 });
const WAITING = bounds(10, 50);
const LONGEST = bounds(60, 180, 1);
const LEVEL = bounds(80, 70, 20);
const ABANDON = bounds(5, 10, 20);
const ASA = bounds(20, 40, 5);
const AVAILABLE = bounds(2, 1);
const WRAP_UP = bounds(90, 180, 1);

function value(
  metric: MetricName,
  scope: MetricScope,
  window: MetricWindow,
  thresholds: Thresholds | null = null,
): TileShows {
  return { kind: "value", metric, scope, window, thresholds };
}
function gauge(metric: MetricName, scope: MetricScope, target: number, thresholds: Thresholds | null): TileShows {
  return { kind: "gauge", metric, scope, window: "today", min: 0, max: 100, target, thresholds };
}
function trend(metric: MetricName, scope: MetricScope): TileShows {
  return { kind: "trend", metric, scope, points: 16 };
}
function column(metric: MetricName, window: MetricWindow, thresholds: Thresholds | null = null): BoardColumn {
  return { metric, window, thresholds };
}

type Sized = [w: number, h: number, shows: TileShows, sound?: boolean];

/** What one looks at for a whole house or for one queue: who waits, how well it goes, who is there. */
function service(scope: MetricScope): Sized[] {
  return [
    [3, 2, value("waiting", scope, "now", WAITING), true],
    [3, 2, value("longest_wait", scope, "now", LONGEST), true],
    [3, 2, value("agents_available", scope, "now", AVAILABLE)],
    [3, 2, value("agents_on_call", scope, "now")],
    [3, 3, gauge("service_level", scope, 80, LEVEL), true],
    [3, 3, gauge("answer_rate", scope, 95, bounds(95, 90, 20))],
    [6, 3, trend("offered", scope)],
    [3, 2, value("abandon_rate_net", scope, "today", ABANDON)],
    [3, 2, value("asa", scope, "last_15_min", ASA)],
    [3, 2, value("offered", scope, "today")],
    [3, 2, value("aht", scope, "today")],
  ];
}

const QUEUES: TileShows = {
  kind: "table",
  rows: { of: "queues" },
  columns: [
    column("waiting", "now", WAITING),
    column("longest_wait", "now", LONGEST),
    column("agents_available", "now"),
    column("service_level", "today", LEVEL),
    column("abandon_rate_net", "today", ABANDON),
    column("offered", "today"),
  ],
};

function agents(scope: MetricScope): TileShows {
  return {
    kind: "table",
    rows: { of: "agents", scope },
    columns: [
      column("handled", "today"),
      column("aht", "today"),
      column("occupancy", "today"),
      column("agent_answer_rate", "today", bounds(95, 85, 5)),
      column("longest_wrap_up", "now", WRAP_UP),
      column("time_break", "today"),
    ],
  };
}

function team(scope: MetricScope): Sized[] {
  return [
    [2, 2, value("agents_signed_in", scope, "now")],
    [2, 2, value("agents_available", scope, "now", AVAILABLE)],
    [2, 2, value("agents_on_call", scope, "now")],
    [2, 2, value("agents_wrap_up", scope, "now")],
    [2, 2, value("agents_break", scope, "now")],
    [2, 2, value("agents_away", scope, "now")],
    [8, 6, agents(scope)],
    [4, 3, gauge("occupancy", scope, 85, null)],
    [4, 3, value("longest_wrap_up", scope, "now", WRAP_UP)],
  ];
}

/** The tiles of a template, about the whole house or (of `queue` and `team`) about one queue. */
export function tilesOf(template: TemplateName, queue: string | null): Tile[] {
  const scope: MetricScope = queue === null ? { of: "tenant" } : { of: "queue", queue };
  const sized: Sized[] =
    template === "team"
      ? team(scope)
      : template === "queue"
        ? [...service(scope), [12, 5, agents(scope)]]
        : [...service({ of: "tenant" }), [12, 4, QUEUES]];
  return sized.map(([w, h, shows, sound = false], at) => ({ id: `t${at + 1}`, title: null, w, h, sound, shows }));
}

/** A key that no board has: the template's name, then with a number. */
export function freeKey(wanted: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const key = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.includes(key)) return key;
  }
}

/** A name for a board about one queue: the template's and the queue's. */
export function nameWith(base: Label, queue: Label | undefined): Label {
  return queue ? { zh: `${base.zh} · ${queue.zh}`, en: `${base.en} · ${queue.en}` } : base;
}
