/** Every call the pages make, by resource. Pages never build a path themselves. */
import { type Answer, answer, body, done, http } from "./http.ts";
import type {
  AgentStatus,
  Alert,
  AlertRule,
  AlertRuleBody,
  Board,
  BoardBody,
  BreakReason,
  BreakReasonBody,
  Calendar,
  CalendarBody,
  CalendarSwitch,
  Callback,
  CallbackBody,
  CapacityProfile,
  CapacityProfileBody,
  Code,
  CodeBody,
  Device,
  Locale,
  MetricQuestion,
  MetricRecords,
  NewApiKey,
  NumberBody,
  NumberRow,
  Page,
  PreviewQuestion,
  Prompt,
  PromptBody,
  Queue,
  QueueBody,
  RoutingRule,
  RoutingRuleBody,
  StaffingQuestion,
  SuperviseMode,
  Team,
  TeamBody,
  Trunk,
  TrunkBody,
  User,
  UserBody,
  Webhook,
  WebhookBody,
  WhatIfBody,
} from "./model.ts";
import type { operations } from "./types.ts";

type Media = { media: "browser"; sdp: string } | { media: "desk_phone" };
export type TransferTo = { queue: string } | { agent: string } | { number: string };
/** What an agent may ask to be. */
export type WantedStatus = Extract<AgentStatus, "available" | "break" | "offline">;
export type InteractionQuery = NonNullable<operations["list_interactions"]["parameters"]["query"]>;
export type AlertQuery = NonNullable<operations["list_alerts"]["parameters"]["query"]>;
export type HistoryQuery = NonNullable<operations["get_planning_history"]["parameters"]["query"]>;
export type CallbackQuery = NonNullable<operations["list_callbacks"]["parameters"]["query"]>;
export type AuditQuery = NonNullable<operations["list_audit"]["parameters"]["query"]>;

/** A configuration resource: a list, and items that are changed under their ETag. `B` is what is written, `N` what is created. */
export interface Resource<T, B, N = B> {
  name: string;
  list(): Promise<Page<T>>;
  get(key: string): Promise<Answer<T>>;
  create(item: N): Promise<T>;
  update(key: string, etag: string, item: B): Promise<T>;
  remove(key: string, etag: string): Promise<void>;
}

const all = { params: { query: { limit: 200 } } };
const once = () => ({ header: { "Idempotency-Key": crypto.randomUUID() } });
const at = (id: string) => ({ params: { path: { id } } });
const under = (id: string, etag: string) => ({ params: { path: { id }, header: { "If-Match": etag } } });
const atKey = (key: string) => ({ params: { path: { key } } });
const underKey = (key: string, etag: string) => ({ params: { path: { key }, header: { "If-Match": etag } } });

export const users: Resource<User, UserBody, UserBody & { password: string }> = {
  name: "users",
  list: () => body(http.GET("/api/v1/users", all)),
  get: (id) => answer(http.GET("/api/v1/users/{id}", at(id))),
  create: (item) => body(http.POST("/api/v1/users", { body: item, params: once() })),
  update: (id, etag, item) => body(http.PUT("/api/v1/users/{id}", { body: item, ...under(id, etag) })),
  // People are disabled, never deleted: their history stays theirs.
  remove: () => Promise.reject(new Error("users are not deleted")),
};

export const teams: Resource<Team, TeamBody> = {
  name: "teams",
  list: () => body(http.GET("/api/v1/teams", all)),
  get: (key) => answer(http.GET("/api/v1/teams/{id}", at(key))),
  create: (item) => body(http.POST("/api/v1/teams", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/teams/{id}", { body: item, ...under(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/teams/{id}", under(key, etag))),
};

export const queues: Resource<Queue, QueueBody> = {
  name: "queues",
  list: () => body(http.GET("/api/v1/queues", all)),
  get: (key) => answer(http.GET("/api/v1/queues/{id}", at(key))),
  create: (item) => body(http.POST("/api/v1/queues", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/queues/{id}", { body: item, ...under(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/queues/{id}", under(key, etag))),
};

export const queueEstimate = (id: string) => body(http.GET("/api/v1/queues/{id}/estimate", at(id)));

export const numbers: Resource<NumberRow, NumberBody> = {
  name: "numbers",
  list: () => body(http.GET("/api/v1/numbers", all)),
  get: (key) => answer(http.GET("/api/v1/numbers/{id}", at(key))),
  create: (item) => body(http.POST("/api/v1/numbers", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/numbers/{id}", { body: item, ...under(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/numbers/{id}", under(key, etag))),
};

export const trunks: Resource<Trunk, TrunkBody> = {
  name: "trunks",
  list: () => body(http.GET("/api/v1/trunks", all)),
  get: (key) => answer(http.GET("/api/v1/trunks/{id}", at(key))),
  create: (item) => body(http.POST("/api/v1/trunks", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/trunks/{id}", { body: item, ...under(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/trunks/{id}", under(key, etag))),
};

export const prompts: Resource<Prompt, PromptBody> = {
  name: "prompts",
  list: () => body(http.GET("/api/v1/prompts", all)),
  get: (key) => answer(http.GET("/api/v1/prompts/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/prompts", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/prompts/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/prompts/{key}", underKey(key, etag))),
};

export const calendars: Resource<Calendar, CalendarBody> = {
  name: "calendars",
  list: () => body(http.GET("/api/v1/calendars", all)),
  get: (key) => answer(http.GET("/api/v1/calendars/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/calendars", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/calendars/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/calendars/{key}", underKey(key, etag))),
};
export const calendarState = (key: string) => body(http.GET("/api/v1/calendars/{key}/state", atKey(key)));
export const switchCalendar = (key: string, item: CalendarSwitch) =>
  body(http.PUT("/api/v1/calendars/{key}/switch", { body: item, ...atKey(key) }));
export const calendarPreview = (question: PreviewQuestion) =>
  body(http.POST("/api/v1/calendar-preview", { body: question }));
export const publicHolidays = () => body(http.GET("/api/v1/public-holidays"));

export const breakReasons: Resource<BreakReason, BreakReasonBody> = {
  name: "break-reasons",
  list: () => body(http.GET("/api/v1/break-reasons", all)),
  get: (key) => answer(http.GET("/api/v1/break-reasons/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/break-reasons", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/break-reasons/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/break-reasons/{key}", underKey(key, etag))),
};

export const wrapUpCodes: Resource<Code, CodeBody> = {
  name: "wrap-up-codes",
  list: () => body(http.GET("/api/v1/wrap-up-codes", all)),
  get: (key) => answer(http.GET("/api/v1/wrap-up-codes/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/wrap-up-codes", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/wrap-up-codes/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/wrap-up-codes/{key}", underKey(key, etag))),
};

export const capacityProfiles: Resource<CapacityProfile, CapacityProfileBody> = {
  name: "capacity-profiles",
  list: () => body(http.GET("/api/v1/capacity-profiles", all)),
  get: (key) => answer(http.GET("/api/v1/capacity-profiles/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/capacity-profiles", { body: item, params: once() })),
  update: (key, etag, item) =>
    body(http.PUT("/api/v1/capacity-profiles/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/capacity-profiles/{key}", underKey(key, etag))),
};

export const routingRules: Resource<RoutingRule, RoutingRuleBody> = {
  name: "routing-rules",
  list: () => body(http.GET("/api/v1/routing-rules", all)),
  get: (key) => answer(http.GET("/api/v1/routing-rules/{key}", atKey(key))),
  create: (item) => body(http.POST("/api/v1/routing-rules", { body: item, params: once() })),
  update: (key, etag, item) => body(http.PUT("/api/v1/routing-rules/{key}", { body: item, ...underKey(key, etag) })),
  remove: (key, etag) => done(http.DELETE("/api/v1/routing-rules/{key}", underKey(key, etag))),
};

export const boards: Resource<Board, BoardBody> = {
  name: "boards",
  list: () => body(http.GET("/api/v1/boards", all)) as Promise<Page<Board>>,
  get: (id) => answer(http.GET("/api/v1/boards/{id}", at(id))) as Promise<Answer<Board>>,
  create: (item) => body(http.POST("/api/v1/boards", { body: item, params: once() })) as Promise<Board>,
  update: (id, etag, item) =>
    body(http.PUT("/api/v1/boards/{id}", { body: item, ...under(id, etag) })) as Promise<Board>,
  remove: (id, etag) => done(http.DELETE("/api/v1/boards/{id}", under(id, etag))),
};

export const alertRules: Resource<AlertRule, AlertRuleBody> = {
  name: "alert-rules",
  list: () => body(http.GET("/api/v1/alert-rules", all)) as Promise<Page<AlertRule>>,
  get: (key) => answer(http.GET("/api/v1/alert-rules/{key}", atKey(key))) as Promise<Answer<AlertRule>>,
  create: (item) => body(http.POST("/api/v1/alert-rules", { body: item, params: once() })) as Promise<AlertRule>,
  update: (key, etag, item) =>
    body(http.PUT("/api/v1/alert-rules/{key}", { body: item, ...underKey(key, etag) })) as Promise<AlertRule>,
  remove: (key, etag) => done(http.DELETE("/api/v1/alert-rules/{key}", underKey(key, etag))),
};

export const webhooks: Resource<Webhook, WebhookBody> = {
  name: "webhooks",
  list: () => body(http.GET("/api/v1/webhooks", all)) as Promise<Page<Webhook>>,
  get: (id) => answer(http.GET("/api/v1/webhooks/{id}", at(id))) as Promise<Answer<Webhook>>,
  create: (item) => body(http.POST("/api/v1/webhooks", { body: item, params: once() })) as Promise<Webhook>,
  update: (id, etag, item) =>
    body(http.PUT("/api/v1/webhooks/{id}", { body: item, ...under(id, etag) })) as Promise<Webhook>,
  remove: (id, etag) => done(http.DELETE("/api/v1/webhooks/{id}", under(id, etag))),
};
export const testWebhook = (id: string) => body(http.POST("/api/v1/webhooks/{id}/test", at(id)));

export const monitor = {
  metrics: () => body(http.GET("/api/v1/metrics")),
  records: (question: MetricQuestion) =>
    body(http.POST("/api/v1/monitor/records", { body: question })) as Promise<MetricRecords>,
};

export const callbacks = {
  list: (query: CallbackQuery) => body(http.GET("/api/v1/callbacks", { params: { query } })) as Promise<Page<Callback>>,
  request: (wish: CallbackBody) =>
    body(http.POST("/api/v1/callbacks", { body: wish, params: once() })) as Promise<Callback>,
  cancel: (id: string) => done(http.DELETE("/api/v1/callbacks/{id}", at(id))),
};

export const alerts = {
  list: (query: AlertQuery) => body(http.GET("/api/v1/alerts", { params: { query } })) as Promise<Page<Alert>>,
  acknowledge: (number: number) =>
    body(http.POST("/api/v1/alerts/{number}/acknowledge", { params: { path: { number } } })) as Promise<Alert>,
};

const member = (id: string, user: string) => ({ params: { path: { id, user } } });

/** What a supervisor does to others. */
export const supervise = {
  setStatus: (user: string, item: { status: WantedStatus; reason?: string }) =>
    done(http.PUT("/api/v1/agents/{user}/status", { body: item, params: { path: { user } } })),
  addMember: (queue: string, user: string) =>
    done(http.PUT("/api/v1/queues/{id}/members/{user}", { body: {}, ...member(queue, user) })),
  removeMember: (queue: string, user: string) =>
    done(http.DELETE("/api/v1/queues/{id}/members/{user}", member(queue, user))),
};

/** Listening to a call of somebody else. */
export const monitorCall = {
  join: (call: string, mode: SuperviseMode, sdp: string) =>
    body(http.POST("/api/v1/calls/{id}/monitor", { body: { mode, media: "browser", sdp }, ...at(call) })),
  change: (call: string, mode: SuperviseMode) =>
    done(http.PUT("/api/v1/calls/{id}/monitor", { body: { mode }, ...at(call) })),
  leave: (call: string) => done(http.DELETE("/api/v1/calls/{id}/monitor", at(call))),
};

export const breakRequests = {
  approve: (id: string) => done(http.POST("/api/v1/break-requests/{id}/approve", at(id))),
  decline: (id: string) => done(http.POST("/api/v1/break-requests/{id}/decline", at(id))),
};

/** Why nobody gets somebody who waits in this queue. */
export const diagnose = (queue: string, interaction: string) =>
  body(http.GET("/api/v1/queues/{id}/diagnosis", { params: { path: { id: queue }, query: { interaction } } }));

export const session = {
  current: () => body(http.GET("/api/v1/session")),
  signIn: (username: string, password: string) => body(http.POST("/api/v1/session", { body: { username, password } })),
  signOut: () => done(http.DELETE("/api/v1/session")),
};

export const setup = {
  state: () => body(http.GET("/api/v1/setup")),
  create: (item: { token: string; username: string; display_name: string; password: string }) =>
    body(http.POST("/api/v1/setup", { body: item })),
};

export const me = {
  agent: () => body(http.GET("/api/v1/me/agent")),
  setAgent: (item: { status: WantedStatus; reason?: string | null; device?: Device }) =>
    body(http.PUT("/api/v1/me/agent", { body: item })),
  setLocale: (locale: Locale) => body(http.PATCH("/api/v1/me", { body: { locale } })),
  setPassword: (current: string, next: string) =>
    done(http.POST("/api/v1/me/password", { body: { current, new: next } })),
  accept: (offer: string, media: Media) =>
    body(http.POST("/api/v1/me/offers/{id}/accept", { body: media, ...at(offer) })),
  decline: (offer: string) => done(http.POST("/api/v1/me/offers/{id}/decline", at(offer))),
  dial: (to: string, media: Media) => body(http.POST("/api/v1/me/calls", { body: { to, ...media }, params: once() })),
  resume: (call: string, sdp: string) =>
    body(http.POST("/api/v1/me/calls/{id}/resume", { body: { sdp }, ...at(call) })),
};

export const calls = {
  hangup: (call: string) => done(http.POST("/api/v1/calls/{id}/hangup", at(call))),
  hold: (call: string) => done(http.POST("/api/v1/calls/{id}/hold", at(call))),
  unhold: (call: string) => done(http.POST("/api/v1/calls/{id}/unhold", at(call))),
  mute: (call: string, muted: boolean) => done(http.POST("/api/v1/calls/{id}/mute", { body: { muted }, ...at(call) })),
  dtmf: (call: string, digits: string) => done(http.POST("/api/v1/calls/{id}/dtmf", { body: { digits }, ...at(call) })),
  // The generator types the number as `string & Record<string, never>`, which no string is.
  transfer: (call: string, to: TransferTo) =>
    done(http.POST("/api/v1/calls/{id}/transfer", { body: { to: to as never }, ...at(call) })),
};

export const interactions = {
  list: (query: InteractionQuery) => body(http.GET("/api/v1/interactions", { params: { query } })),
  get: (id: string) => body(http.GET("/api/v1/interactions/{id}", at(id))),
  wrapUp: (id: string, item: { code?: string; note?: string }) =>
    done(http.POST("/api/v1/interactions/{id}/wrap-up", { body: item, ...at(id) })),
  waveform: (id: string) => body(http.GET("/api/v1/interactions/{id}/waveform", at(id))),
  recordingUrl: (id: string) => `/api/v1/interactions/${encodeURIComponent(id)}/recording`,
};

export const customers = {
  get: (id: string) => body(http.GET("/api/v1/customers/{id}", at(id))),
  reveal: (id: string, reason: string) =>
    body(http.POST("/api/v1/customers/{id}/reveal", { body: { reason }, ...at(id) })),
};

export const people = {
  setPassword: (id: string, password: string) =>
    done(http.POST("/api/v1/users/{id}/password", { body: { password }, ...at(id) })),
  unlock: (id: string) => done(http.POST("/api/v1/users/{id}/unlock", at(id))),
  phonePassword: (id: string) => body(http.POST("/api/v1/users/{id}/phone-password", at(id))),
  roles: () => body(http.GET("/api/v1/roles")),
};

export const apiKeys = {
  list: () => body(http.GET("/api/v1/api-keys", all)),
  create: (item: NewApiKey) => body(http.POST("/api/v1/api-keys", { body: item, params: once() })),
  remove: (id: string) => done(http.DELETE("/api/v1/api-keys/{id}", at(id))),
};

export const audit = { list: (query: AuditQuery) => body(http.GET("/api/v1/audit", { params: { query } })) };
export const directory = () => body(http.GET("/api/v1/directory"));
export const phoneConfig = () => body(http.GET("/api/v1/phone/config"));
export const callMe = () => done(http.POST("/api/v1/demo/call-me"));

/** Measured days, the staffing calculator, and real days played again with something changed. */
export const planning = {
  history: (query: HistoryQuery) => body(http.GET("/api/v1/planning/history", { params: { query } })),
  staffing: (question: StaffingQuestion) => body(http.POST("/api/v1/planning/staffing", { body: question })),
  ask: (request: WhatIfBody) => body(http.POST("/api/v1/planning/what-ifs", { body: request })),
  run: (id: string) => body(http.GET("/api/v1/planning/what-ifs/{id}", at(id))),
  stop: (id: string) => done(http.DELETE("/api/v1/planning/what-ifs/{id}", at(id))),
  /** Where the browser downloads the days as a scenario. */
  scenarioUrl: (query: { date?: string; days?: number; queues?: string[] }) => {
    const search = new URLSearchParams();
    if (query.date) search.set("date", query.date);
    if (query.days) search.set("days", String(query.days));
    if (query.queues?.length) search.set("queues", query.queues.join(","));
    return `/api/v1/planning/scenario?${search}`;
  },
};
