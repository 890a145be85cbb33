/** Who is shown on the team page and in which order; what each queue has. Pure. */
import type { AgentLive, AgentStatus, WaitingLive } from "@zhiyin/client/model";

/** Who needs a look first: ringing and away before talking, offline last. Within a state the longest first. */
const ORDER: Record<AgentStatus, number> = {
  ringing: 0,
  away: 1,
  available: 2,
  on_call: 3,
  wrap_up: 4,
  break: 5,
  offline: 6,
};

export interface RosterFilter {
  /** One agent, by id: whoever came here from a number. */
  agent: string | null;
  /** By id. */
  queue: string | null;
  /** By id. */
  team: string | null;
  state: AgentStatus | null;
  /** Also those who are offline. */
  all: boolean;
  search: string;
}

export interface Person {
  name: string;
  team: string | null;
}

export function roster(
  agents: Iterable<AgentLive>,
  filter: RosterFilter,
  personOf: (user: string) => Person,
): AgentLive[] {
  const wanted = filter.search.normalize("NFKC").trim().toLowerCase();
  const shown = [...agents].filter((one) => {
    if (filter.agent !== null) return one.user === filter.agent;
    if (filter.state !== null ? one.status !== filter.state : one.status === "offline" && !filter.all) return false;
    if (filter.queue !== null && !one.queues.includes(filter.queue)) return false;
    if (filter.team === null && wanted === "") return true;
    const person = personOf(one.user);
    return (filter.team === null || person.team === filter.team) && person.name.toLowerCase().includes(wanted);
  });
  return shown.sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.since - b.since || a.user.localeCompare(b.user));
}

export interface QueueFigures {
  waiting: number;
  /** Microseconds of the longest waiting's entry. */
  since: number | null;
  available: number;
  signedIn: number;
}

/** Somebody is on the line: a callback keeps a place for one who hung up. */
export const isOnTheLine = (one: WaitingLive): boolean => !one.callback;

/** What each queue has, by id; a queue without anything is not in it. */
export function queueFigures(
  agents: Iterable<AgentLive>,
  waiting: Iterable<WaitingLive>,
): ReadonlyMap<string, QueueFigures> {
  const all = new Map<string, QueueFigures>();
  const of = (queue: string) => {
    const known = all.get(queue) ?? { waiting: 0, since: null, available: 0, signedIn: 0 };
    all.set(queue, known);
    return known;
  };
  for (const one of waiting) {
    const figures = of(one.queue);
    figures.waiting += 1;
    figures.since = Math.min(figures.since ?? one.since, one.since);
  }
  for (const agent of agents) {
    if (agent.status === "offline") continue;
    for (const queue of agent.queues) {
      const figures = of(queue);
      figures.signedIn += 1;
      if (agent.status === "available") figures.available += 1;
    }
  }
  return all;
}

/** What to add and to take away so that `before` becomes `after`. */
export function membership(before: readonly string[], after: readonly string[]): { add: string[]; remove: string[] } {
  return {
    add: after.filter((one) => !before.includes(one)),
    remove: before.filter((one) => !after.includes(one)),
  };
}

export interface Window {
  /** Items from `first` up to, not with, `last` are painted. */
  first: number;
  last: number;
  /** Height above the first painted row, and of all rows. */
  before: number;
  height: number;
}

/** The part of a long grid that is on the screen, with a few rows around it. `scrolled` is what of the grid lies above the view. */
export function gridWindow(
  count: number,
  columns: number,
  rowHeight: number,
  scrolled: number,
  viewHeight: number,
  around = 3,
): Window {
  const rows = Math.ceil(count / columns);
  const firstRow = Math.max(0, Math.min(rows, Math.floor(scrolled / rowHeight)) - around);
  const lastRow = Math.min(rows, Math.ceil((scrolled + viewHeight) / rowHeight) + around);
  return {
    first: firstRow * columns,
    last: Math.max(0, Math.min(count, lastRow * columns)),
    before: firstRow * rowHeight,
    height: rows * rowHeight,
  };
}

/** Where an arrow key leads in the grid; stays where nothing is. */
export function step(key: string, at: number, count: number, columns: number): number {
  const moves: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const to = at + (moves[key] ?? 0);
  return to >= 0 && to < count ? to : at;
}
