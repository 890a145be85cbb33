/** From a measured day and what is typed to a question for the calculator. Pure. */
import type { PlanningHistory, StaffingQuestion } from "@zhiyin/client/model";

/** What is typed; shares in per cent, none where a field is empty. */
export interface Inputs {
  aht_s: number | null;
  /** None: callers wait for ever. */
  patience_s: number | null;
  level_percent: number | null;
  threshold_s: number | null;
  occupancy_percent: number | null;
  shrinkage_percent: number | null;
  concurrency: number | null;
  /** Times the measured calls. */
  calls_percent: number | null;
  simulate: boolean;
}

const whole = (n: number) => Math.round(n);

/** Sane values, out of the day where it has them. */
export function defaults(history: PlanningHistory): Inputs {
  return {
    aht_s: whole(history.total.aht_s ?? 180),
    patience_s: typeof history.patience_s === "number" ? Math.max(1, whole(history.patience_s)) : null,
    level_percent: 80,
    threshold_s: history.threshold_s,
    occupancy_percent: 85,
    shrinkage_percent: 30,
    concurrency: 1,
    calls_percent: 100,
    simulate: false,
  };
}

export interface Day {
  /** Seconds after midnight of the first interval. */
  start_s: number;
  calls: number[];
  /** Measured, by interval. */
  agents: (number | null)[];
  level: (number | null)[];
}

/** The part of the day in which somebody came, from the first to the last such quarter of an hour; none: nobody did. */
export function dayOf(history: PlanningHistory): Day | null {
  const busy = history.intervals.map((one) => one.offered > 0);
  const [first, last] = [busy.indexOf(true), busy.lastIndexOf(true)];
  if (first < 0) return null;
  const rows = history.intervals.slice(first, last + 1);
  return {
    start_s: rows[0]?.at_s ?? 0,
    calls: rows.map((one) => one.offered),
    agents: rows.map((one) => (history.has_presence ? one.agents : null)),
    level: rows.map((one) => one.service_level ?? null),
  };
}

/** None while a field that is needed is empty. `agents`: those that are thought of, by interval; none of them: not asked. */
export function questionOf(
  day: Day,
  inputs: Inputs,
  agents: readonly (number | null)[],
  planned: readonly number[],
): StaffingQuestion | null {
  const { aht_s, level_percent, threshold_s } = inputs;
  if (!aht_s || level_percent === null || threshold_s === null) return null;
  const chosen = agents.some((one) => one !== null);
  return {
    calls: day.calls.map((calls) => (calls * (inputs.calls_percent ?? 100)) / 100),
    interval_s: 900,
    start_s: day.start_s,
    aht_s,
    patience_s: inputs.patience_s,
    concurrency: inputs.concurrency ?? 1,
    target: {
      service_level: Math.min(level_percent / 100, 0.999),
      threshold_s,
      occupancy_max: inputs.occupancy_percent === null ? null : inputs.occupancy_percent / 100,
    },
    shrinkage: (inputs.shrinkage_percent ?? 0) / 100,
    // An interval that was left empty keeps what is planned.
    agents: chosen ? day.calls.map((_, i) => agents[i] ?? planned[i] ?? 0) : null,
    simulate: inputs.simulate && (inputs.concurrency ?? 1) === 1,
    seed: 1,
  };
}
