import type { AgentStatus } from "@zhiyin/client/model";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { RosterFilter } from "./roster.ts";

const STATES: readonly AgentStatus[] = ["available", "ringing", "on_call", "wrap_up", "break", "away", "offline"];

/** The filter lives in the address: it can be linked to, and it survives a reload. */
export function useRosterFilter(): [RosterFilter, (change: Partial<RosterFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo<RosterFilter>(
    () => ({
      agent: search.get("agent"),
      queue: search.get("queue"),
      team: search.get("team"),
      state: STATES.find((one) => one === search.get("state")) ?? null,
      all: search.get("all") === "1",
      search: search.get("name") ?? "",
    }),
    [search],
  );
  const change = (some: Partial<RosterFilter>) => {
    // Any other choice leaves the one agent whom a link led to.
    const next = { ...filter, agent: null, ...some };
    const params = new URLSearchParams();
    for (const name of ["agent", "queue", "team", "state"] as const) if (next[name]) params.set(name, next[name]);
    if (next.all) params.set("all", "1");
    if (next.search) params.set("name", next.search);
    setSearch(params, { replace: true });
  };
  return [filter, change];
}
