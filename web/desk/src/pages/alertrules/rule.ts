/** An alert rule between the form and the API. Pure. */
import type {
  AlertCondition,
  AlertMute,
  AlertRuleBody,
  AlertTarget,
  Compare,
  MetricDefinition,
  MetricScopeKind,
} from "@zhiyin/client/model";
import { fits, isWhole } from "../../parts/monitor/questions.ts";

export const COMPARES: readonly Compare[] = ["above", "at_least", "below", "at_most"];
export const CONDITIONS_MAX = 8;
export const MUTES_MAX = 32;
const DAY_MIN = 1440;

/** The form keeps targets as names: `app`, `webhook:<key>`; and minutes of the day as `08:30`. */
export interface RuleForm extends Omit<AlertRuleBody, "notify" | "mutes" | "each"> {
  each: "queue" | "agent" | "none";
  targets: string[];
  mutes: MuteForm[];
}
export type MuteForm =
  | { when: "daily"; from: string; until: string }
  /** Milliseconds since 1970. */
  | { when: "once"; between: [number, number] | null };

export const BLANK_CONDITION: AlertCondition = {
  metric: "waiting",
  scope: null,
  window: "now",
  compare: "above",
  threshold: 10,
  n_min: 0,
  for_ms: null,
};
export const BLANK_RULE: RuleForm = {
  key: "",
  name: { zh: "", en: "" },
  enabled: true,
  level: "warn",
  each: "queue",
  join: "all",
  conditions: [BLANK_CONDITION],
  clear_ratio: 0.9,
  mutes: [],
  escalate_after_ms: null,
  targets: ["app"],
};

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** `08:30` as minutes after midnight; null when it is no time of day. */
export function minutesOf(clock: string): number | null {
  const found = CLOCK.exec(clock.normalize("NFKC").trim());
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

export function clockOf(minutes: number): string {
  const inDay = ((minutes % DAY_MIN) + DAY_MIN) % DAY_MIN;
  return `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
}

function targetOf(name: string): AlertTarget {
  return name.startsWith("webhook:") ? { to: "webhook", webhook: name.slice("webhook:".length) } : { to: "app" };
}

function muteOf(mute: MuteForm): AlertMute[] {
  if (mute.when === "once")
    // Microseconds, as every instant that is written to the API.
    return mute.between ? [{ when: "once", from: mute.between[0] * 1000, until: mute.between[1] * 1000 }] : [];
  const [from_min, until_min] = [minutesOf(mute.from), minutesOf(mute.until)];
  return from_min === null || until_min === null ? [] : [{ when: "daily", from_min, until_min }];
}

export function toForm(rule: AlertRuleBody): RuleForm {
  const { notify, mutes, each, ...same } = rule;
  return {
    ...same,
    each: each ?? "none",
    targets: notify.map((one) => (one.to === "app" ? "app" : `webhook:${one.webhook}`)),
    mutes: mutes.map((one) =>
      one.when === "daily"
        ? { when: "daily", from: clockOf(one.from_min), until: clockOf(one.until_min) }
        : { when: "once", between: [one.from / 1000, one.until / 1000] },
    ),
  };
}

/** Only what a rule has: the API refuses fields it does not know. */
export function toBody(form: RuleForm): AlertRuleBody {
  return {
    key: form.key,
    name: form.name,
    enabled: form.enabled,
    level: form.level,
    each: form.each === "none" ? null : form.each,
    join: form.join ?? "all",
    conditions: (form.conditions ?? []).map((one) => ({
      metric: one.metric,
      scope: one.scope ?? null,
      window: one.window,
      compare: one.compare,
      threshold: one.threshold,
      n_min: one.n_min ?? 0,
      for_ms: one.for_ms ?? null,
    })),
    clear_ratio: form.clear_ratio,
    mutes: (form.mutes ?? []).flatMap(muteOf),
    escalate_after_ms: form.escalate_after_ms || null,
    notify: (form.targets ?? []).map(targetOf),
  };
}

/** For whom a condition without a scope of its own is asked. */
export function ownScope(each: RuleForm["each"]): MetricScopeKind {
  return each === "none" ? "tenant" : each;
}

/** Whether the server would take the condition's question. */
export function conditionFits(
  condition: Pick<AlertCondition, "metric" | "scope" | "window">,
  each: RuleForm["each"],
  metrics: ReadonlyMap<string, MetricDefinition>,
): boolean {
  if (condition.scope && !isWhole(condition.scope)) return false;
  return fits(metrics.get(condition.metric), condition.scope?.of ?? ownScope(each), condition.window);
}
