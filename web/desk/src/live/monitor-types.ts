/**
 * Watching: metrics, boards, alerts, webhooks, as the API names them. Written by hand until the generated types have them;
 * the names are those of the schemas.
 */
import type { Interaction, Label } from "@zhiyin/client/model";

/** RFC 3339 in what the monitor sends, microseconds UTC elsewhere; `microseconds()` reads both. */
export type Instant = string | number;

export type Window = "now" | "interval" | "last_interval" | "last_15_min" | "last_30_min" | "today";
export type Unit = "count" | "percent" | "seconds" | "ratio";
export type Better = "higher" | "lower" | "neither";
export type ScopeKind = "tenant" | "queue" | "agent";
export type Scope = { of: "tenant" } | { of: "queue"; queue: string } | { of: "agent"; agent: string };

export interface Metric {
  id: string;
  name: Label;
  unit: Unit;
  better: Better;
  /** Of this moment: asked for `now` only. */
  live: boolean;
  formula: string;
  source: string;
  scopes: ScopeKind[];
  windows: Window[];
}

/** Bad is above when `critical` is above `warn`, below when it is below; alike, by the metric's better direction. */
export interface Thresholds {
  warn: number;
  critical: number;
  /** A smaller sample has no colour. */
  n_min: number;
  /** Above 0, at most 1. A colour goes only when the number is back at this part of its threshold. */
  clear_ratio: number;
}

export interface Column {
  metric: string;
  window: Window;
  thresholds?: Thresholds | null;
}

export type RowsOf = { of: "queues" } | { of: "agents"; scope: Scope };

export type ValueKind = {
  kind: "value";
  metric: string;
  scope: Scope;
  window: Window;
  thresholds?: Thresholds | null;
};
export type GaugeKind = {
  kind: "gauge";
  metric: string;
  scope: Scope;
  window: Window;
  min: number;
  max: number;
  target?: number | null;
  thresholds?: Thresholds | null;
};
/** Points of 15 minutes. */
export type TrendKind = { kind: "trend"; metric: string; scope: Scope; points: number };
export type TableKind = { kind: "table"; rows: RowsOf; columns: Column[] };
export type TileKind = ValueKind | GaugeKind | TrendKind | TableKind;

export interface Tile {
  id: string;
  title?: Label | null;
  /** Columns of 12. */
  w: number;
  h: number;
  /** A tone when it becomes critical. */
  sound: boolean;
  shows: TileKind;
}

export interface BoardBody {
  key: string;
  name: Label;
  tiles: Tile[];
}
export interface Board extends BoardBody {
  id: string;
  version: number;
}

/** `value` is in the metric's unit (percent 0 … 100, seconds); numerator and denominator of durations are milliseconds. */
export interface Value {
  numerator: number;
  denominator: number;
  value: number;
  n: number;
}
export type TileLevel = "no_data" | "ok" | "warn" | "critical";
export interface Point {
  value: Value | null;
  level: TileLevel;
}
export interface Row {
  scope: Scope;
  cells: Point[];
}
export type Shown =
  | { kind: "value"; value: Value | null; level: TileLevel }
  | { kind: "trend"; points: [Instant, Value | null][] }
  | { kind: "table"; rows: Row[]; more: boolean };
export interface ComputedTile {
  level: TileLevel;
  shown: Shown;
}
export interface Computed {
  board: string;
  at: Instant;
  tiles: Record<string, ComputedTile>;
}
export interface BoardChange {
  board: string;
  at: Instant;
  changed: Record<string, ComputedTile>;
  removed: string[];
}

export interface Question {
  metric: string;
  scope: Scope;
  window: Window;
}
/** The interactions or agents behind a number. */
export interface Records {
  value: Value | null;
  from: Instant;
  to: Instant;
  /** Of `interactions`: those that count over the line. */
  counted: string[];
  interactions: Interaction[];
  agents: string[];
  more: boolean;
}

export type AlertLevel = "warn" | "critical";
export interface Alert {
  number: number;
  rule: string;
  name: Label;
  metric: string;
  scope: Scope;
  level: AlertLevel;
  fired_at: Instant;
  value: number | null;
  threshold: number;
  acknowledged: { by: string; at: Instant } | null;
  escalated_at: Instant | null;
  cleared_at: Instant | null;
}
export type AlertWhat = "fired" | "acknowledged" | "escalated" | "cleared";

export type Compare = "above" | "at_least" | "below" | "at_most";
export interface Condition {
  metric: string;
  scope?: Scope | null;
  window: Window;
  compare: Compare;
  threshold: number;
  n_min: number;
  for_ms: number | null;
}
export type Mute =
  | { when: "once"; from: Instant; until: Instant }
  | { when: "daily"; from_min: number; until_min: number };
export type NotifyTarget = { to: "app" } | { to: "webhook"; webhook: string };
export interface AlertRuleBody {
  key: string;
  name: Label;
  enabled: boolean;
  level: AlertLevel;
  each: "queue" | "agent" | null;
  join: "all" | "any";
  conditions: Condition[];
  clear_ratio: number;
  mutes: Mute[];
  escalate_after_ms: number | null;
  notify: NotifyTarget[];
}
export interface AlertRule extends AlertRuleBody {
  version: number;
}

export interface WebhookBody {
  key: string;
  name: Label;
  url: string;
  enabled: boolean;
  /** Written and never read; absent keeps what is stored. */
  secret?: string;
}
export interface Webhook extends Omit<WebhookBody, "secret"> {
  id: string;
  version: number;
  has_secret: boolean;
  last_success_at: Instant | null;
  last_failure_at: Instant | null;
  last_failure: string | null;
}
export interface WebhookTest {
  delivered: boolean;
  status?: number | null;
  detail?: string | null;
}

export type MonitorMode = "listen" | "whisper" | "barge";
