/** Shapes of the API, mirrored by hand from docs/api.md until the generated ones replace them. */
export type Role =
  | "agent"
  | "senior_agent"
  | "supervisor"
  | "inspector"
  | "knowledge_editor"
  | "analyst"
  | "admin"
  | "security_admin"
  | "auditor";
export type Locale = "zh-CN" | "en";
export interface Label {
  zh: string;
  en: string;
}
export interface Team {
  id: string;
  name: string;
}
export interface User {
  id: string;
  username: string;
  display_name: string;
  roles: Role[];
  team: string | null;
  extension: string | null;
  locale: Locale;
  disabled: boolean;
  locked_until_at?: number | null;
}
export type SelfView = Omit<User, "disabled" | "locked_until_at"> & { agent: boolean };
export interface QueueMember {
  user: string;
  level: number;
}
export type Overflow = { do: "hang_up"; prompt: string | null } | { do: "queue"; queue: string };
export interface Queue {
  id: string;
  key: string;
  name: Label;
  strategy: "longest_idle";
  ring_timeout_ms: number;
  wrap_up_ms: number;
  queue_len_max: number;
  wait_max_ms: number;
  overflow: Overflow;
  announce_every_ms: number;
  music: string;
  record: boolean;
  service_level_threshold_s: number;
  members: QueueMember[];
}
export type MenuTarget =
  | { to: "queue"; queue: string; priority: number }
  | { to: "prompt"; prompt: string }
  | { to: "repeat" }
  | { to: "hang_up"; prompt: string | null };
export interface MenuOption {
  digit: string;
  label: Label;
  target: MenuTarget;
}
export interface Menu {
  prompt: string;
  timeout_ms: number;
  repeats: number;
  options: MenuOption[];
  otherwise: MenuTarget;
}
export type EntryPlan =
  | { does: "ivr"; welcome: string | null; recording_notice: string | null; menu: Menu }
  | { does: "queue"; queue: string; welcome: string | null; recording_notice: string | null; priority: number }
  | { does: "echo" }
  | { does: "prompt"; prompt: string }
  | { does: "voicemail"; greeting: string; length_max_ms: number }
  | { does: "bridge"; target: string; record: boolean };
export interface NumberRow {
  id: string;
  number: string;
  name: Label;
  plan: EntryPlan;
  enabled: boolean;
}
export interface Trunk {
  id: string;
  key: string;
  name: Label;
  host: string;
  port: number;
  transport: "udp" | "tcp";
  inbound: string[];
  username: string | null;
  register: boolean;
  prefix: string;
  strip: number;
  caller_id: string | null;
  calls_max: number;
  enabled: boolean;
}
export interface Code {
  key: string;
  name: Label;
}
export type PromptSource =
  | { from: "builtin"; asset: string }
  | { from: "file"; path: string }
  | { from: "speech"; text: Label };
export interface Prompt {
  key: string;
  name: Label;
  source: PromptSource;
}
export interface Customer {
  id: string;
  name: string;
  phones: string[];
  email: string | null;
  company: string | null;
  tags: string[];
  vip: boolean;
  note: string | null;
}

export type Direction = "inbound" | "outbound" | "internal";
export type InteractionState = "entry" | "waiting" | "offered" | "dialling" | "connected" | "ended" | "lost";
export type Outcome =
  | "handled"
  | "abandoned"
  | "left_in_entry"
  | "self_served"
  | "overflowed"
  | "not_reached"
  | "failed"
  | "lost";
export interface HangupCause {
  by: "customer" | "agent" | "system";
  sip_status: number | null;
  q850: number | null;
}
export interface Interaction {
  id: string;
  channel: "voice";
  direction: Direction;
  state: InteractionState;
  outcome: Outcome | null;
  remote: string;
  local: string;
  number: string | null;
  trunk: string | null;
  queue: string | null;
  agent: string | null;
  customer: string | null;
  started_at: number;
  queued_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
  wait_ms: number;
  talk_ms: number;
  hold_ms: number;
  wrap_up_ms: number;
  hangup: HangupCause | null;
  wrap_up_code: string | null;
  note: string | null;
  recording: string | null;
  agent_name?: string | null;
  customer_name?: string | null;
  queue_name?: Label | null;
}
export type SegmentKind = "entry" | "menu" | "queue" | "offer" | "talk" | "hold" | "consult" | "wrap_up" | "voicemail";
export interface Segment {
  id: string;
  interaction: string;
  kind: SegmentKind;
  queue: string | null;
  agent: string | null;
  started_at: number;
  ended_at: number | null;
  result: string | null;
}
export interface LegQuality {
  packets_received: number;
  packets_sent: number;
  packets_lost: number;
  loss_pct: number;
  jitter_ms: number;
  round_trip_ms: number | null;
  mos: number;
  added_latency_ms: number;
}
export interface LegReport {
  interaction: string;
  leg: number;
  party: string;
  agent: string | null;
  peer: string;
  codec: string;
  quality: LegQuality;
}
export interface HistoryEvent {
  id: string;
  at: number;
  type: string;
  agent: string | null;
  queue: string | null;
  data: Record<string, unknown>;
}
export interface InteractionDetail extends Interaction {
  segments: Segment[];
  legs: LegReport[];
  events: HistoryEvent[];
}
export interface Waveform {
  channels: number[][];
  duration_ms: number;
}

export type AgentStatus = "offline" | "available" | "ringing" | "on_call" | "wrap_up" | "break" | "away";
export type Device = "browser" | "desk_phone";
export interface AgentLive {
  user: string;
  status: AgentStatus;
  reason: string | null;
  since: number;
  next: AgentStatus | null;
  device: Device;
  phone_registered: boolean;
  interaction: string | null;
  queues: string[];
}
export interface AgentRow extends AgentLive {
  display_name: string;
}
export interface WaitingLive {
  interaction: string;
  queue: string;
  remote: string;
  customer: string | null;
  since: number;
  priority: number;
  position: number;
}
export interface OfferLive {
  offer: string;
  agent: string;
  interaction: string;
  queue: string | null;
  remote: string;
  local: string;
  customer: string | null;
  waited_ms: number;
  expires_at: number;
  reason: string | null;
}
export interface CallLive {
  call: string;
  state: InteractionState;
  direction: Direction;
  remote: string;
  local: string;
  customer: string | null;
  queue: string | null;
  agent: string | null;
  started_at: number;
  answered_at: number | null;
  held: boolean;
  muted: boolean;
  recording: boolean;
  resume_until: number | null;
}
export interface OfferCard extends OfferLive {
  customer_card: Customer | null;
  recent: Interaction[];
}
export interface CallCard extends CallLive {
  customer_card: Customer | null;
}
export interface TrunkLive {
  key: string;
  state: "up" | "down" | "unknown" | "disabled";
  calls: number;
  last_error: string | null;
}

export interface Directory {
  queues: { id: string; key: string; name: Label; wrap_up_ms: number }[];
  agents: { id: string; display_name: string; extension: string | null; team: string | null }[];
  teams: Team[];
  break_reasons: Code[];
  wrap_up_codes: Code[];
}
export interface Grant {
  permission: string;
  scope: "own" | "team" | "all";
}
export interface Session {
  user: SelfView;
  permissions: Grant[];
  csrf: string;
  expires_at: number;
}
export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  grants: Grant[];
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}
export interface AuditRow {
  seq: number;
  at: number;
  actor_kind: string;
  actor: string | null;
  actor_name: string;
  action: string;
  target_kind: string | null;
  target: string | null;
  address: string | null;
  result: string;
  detail: Record<string, unknown>;
  user_agent: string | null;
}
export interface PhoneConfig {
  codecs: string[];
  resume_ms: number;
  demo: boolean;
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export interface Connected {
  call: string;
  sdp?: string | null;
}
