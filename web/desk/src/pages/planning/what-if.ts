/** What is typed into the what-if builder, and what is sent. Pure. */
import type { RoutingRuleBody, WhatIfChanges, WhatIfQueue } from "@zhiyin/client/model";

export interface AddedRow {
  id: number;
  count: number | null;
  queues: string[];
  level: number | null;
  /** Hours of the day; both empty: always. */
  from_h: number | null;
  to_h: number | null;
  skill: string;
  skill_level: number | null;
}
export interface SkillRow {
  id: number;
  username: string;
  skill: string;
  level: number | null;
}
export interface QueueRow {
  id: number;
  queue: string;
  strategy: WhatIfQueue["strategy"];
  handling_percent: number | null;
  wrap_up_percent: number | null;
  priority: number | null;
  needs: string;
  /** Key of the queue it overflows to. */
  overflow: string | null;
}
/** Whom a new rule concerns: one condition is enough to ask what it would change. */
export const RULE_WHENS = ["everybody", "vip", "tag", "company", "number", "menu_digit"] as const;
export type RuleWhen = (typeof RULE_WHENS)[number];
export interface RuleRow {
  id: number;
  when: RuleWhen;
  /** What the condition compares with; empty for those that ask for nothing more. */
  value: string;
  priority: number | null;
  needs: string;
  /** Key of the queue it sends to. */
  queue: string | null;
}
export interface Draft {
  arrivals_percent: number | null;
  added: AddedRow[];
  /** User names. */
  removed: string[];
  skills: SkillRow[];
  queues: QueueRow[];
  /** `key` of a rule for all queues, `queue.key` of a queue's own. */
  rules_off: string[];
  rules: RuleRow[];
}

export const draftOf = (): Draft => ({
  arrivals_percent: 100,
  added: [],
  removed: [],
  skills: [],
  queues: [],
  rules_off: [],
  rules: [],
});

const factor = (percent: number | null) => (percent === null || percent === 100 ? null : percent / 100);

export const asksForValue = (when: RuleWhen) => when !== "everybody" && when !== "vip";
export const lacksValue = (row: RuleRow) => asksForValue(row.when) && row.value.trim() === "";
/** A rule that changes nothing for those it concerns. */
export const isIdle = (row: RuleRow) => !row.priority && row.needs.trim() === "" && !row.queue;
const isWholeRule = (row: RuleRow) => !lacksValue(row) && !isIdle(row);

function ruleOf(row: RuleRow): RoutingRuleBody {
  const key = `what-if-${row.id}`;
  const value = (when: RuleWhen) => (row.when === when ? row.value.trim() : null);
  return {
    key,
    name: { zh: key, en: key },
    when: {
      vip: row.when === "vip" ? true : null,
      tag: value("tag"),
      company: value("company"),
      number: value("number"),
      menu_digit: value("menu_digit"),
    },
    priority: row.priority ?? 0,
    needs: row.needs.trim() || null,
    prefer_last_agent_ms: null,
    queue: row.queue,
    enabled: true,
  };
}

/** Rows that are not filled in are left out. */
export function changesOf(draft: Draft): WhatIfChanges {
  const added = draft.added.filter((row) => row.queues.length > 0 && row.count);
  const skills = draft.skills.filter((row) => row.username && row.skill && row.level !== null);
  return {
    arrivals_factor: factor(draft.arrivals_percent),
    queues: draft.queues
      .filter((row) => row.queue)
      .map((row) => ({
        queue: row.queue,
        strategy: row.strategy ?? null,
        handling_factor: factor(row.handling_percent),
        wrap_up_factor: factor(row.wrap_up_percent),
        priority: row.priority,
        needs: row.needs.trim() || null,
        overflow: row.overflow ? { do: "queue", queue: row.overflow } : null,
      })),
    rules: { removed: draft.rules_off, added: draft.rules.filter(isWholeRule).map(ruleOf) },
    agents: {
      added: added.map((row) => ({
        count: row.count ?? 1,
        queues: row.queues.map((queue) => ({ queue, level: row.level ?? 1 })),
        skills: row.skill && row.skill_level ? { [row.skill]: row.skill_level } : {},
        shift: row.from_h === null || row.to_h === null ? null : { from_h: row.from_h, to_h: row.to_h },
      })),
      removed: draft.removed,
      changed: skills.map((row) => ({ username: row.username, skills: { [row.skill]: row.level ?? 0 } })),
    },
  };
}

/** Somebody is adding a row and has not said all of it. */
export function isIncomplete(draft: Draft): boolean {
  return (
    draft.added.some((row) => row.queues.length === 0 || !row.count) ||
    draft.skills.some((row) => !row.username || !row.skill || row.level === null) ||
    draft.queues.some((row) => !row.queue) ||
    draft.rules.some((row) => !isWholeRule(row))
  );
}

/** Nothing is different from what was. */
export function isUnchanged(changes: WhatIfChanges): boolean {
  const { agents, queues, rules, arrivals_factor } = changes;
  const lists = [agents?.added, agents?.removed, agents?.changed, queues, rules?.added, rules?.removed];
  return lists.every((list) => (list?.length ?? 0) === 0) && (arrivals_factor ?? null) === null;
}
