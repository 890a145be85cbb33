import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { planning } from "@zhiyin/client/api";
import type { StaffingQuestion } from "@zhiyin/client/model";
import { useEffect, useState } from "react";

const POLL_MS = 500;
const TYPING_MS = 300;

export interface Asked {
  /** Id; none: all queues. */
  queue: string | null;
  /** `2026-11-21`; none: yesterday. */
  date: string | null;
  weeks: number;
}

/** A day as it was. */
export function useHistory({ queue, date, weeks }: Asked) {
  return useQuery({
    queryKey: ["planning", "history", queue, date, weeks],
    queryFn: () => planning.history({ queue: queue ?? undefined, date: date ?? undefined, weeks }),
  });
}

/** What was typed, once the typing has paused. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The plan for a question; the last one stays while the next is computed. */
export function useStaffing(question: StaffingQuestion | null) {
  return useQuery({
    queryKey: ["planning", "staffing", question],
    queryFn: () => (question ? planning.staffing(question) : Promise.reject(new Error("nothing asked"))),
    enabled: question !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A what-if run, asked for until it is over. */
export function useRun(id: string | null) {
  return useQuery({
    queryKey: ["planning", "run", id],
    queryFn: () => planning.run(id ?? ""),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data && state.data.state !== "waiting" && state.data.state !== "running" ? false : POLL_MS,
    staleTime: 0,
  });
}
