/** Every call the pages make, by resource. Pages never build a path themselves. */
import { type Answer, request } from "./http.ts";
import type {
  AgentLive,
  AgentStatus,
  ApiKey,
  AuditRow,
  Code,
  Connected,
  Customer,
  Device,
  Directory,
  Grant,
  Interaction,
  InteractionDetail,
  Locale,
  NumberRow,
  Page,
  PhoneConfig,
  Prompt,
  Queue,
  Role,
  Session,
  Team,
  Trunk,
  User,
  Waveform,
} from "./model.ts";

export type Query = Record<string, string | number | boolean | null | undefined>;
type Media = { media: "browser"; sdp: string } | { media: "desk_phone" };
/** What an agent may ask to be. */
export type WantedStatus = Extract<AgentStatus, "available" | "break" | "offline">;
export type TransferTo = { queue: string } | { agent: string } | { number: string };

const get = async <T>(path: string, query?: Query): Promise<T> => (await request<T>("GET", path, { query })).data;
const post = async <T>(path: string, body: unknown = {}, idempotencyKey?: string): Promise<T> =>
  (await request<T>("POST", path, { body, idempotencyKey })).data;
const id = encodeURIComponent;

/** A configuration resource: a list, and items that are changed under their ETag. */
export interface Resource<T> {
  name: string;
  list(query?: Query): Promise<Page<T>>;
  get(key: string): Promise<Answer<T>>;
  create(body: unknown): Promise<T>;
  update(key: string, etag: string | null, body: unknown): Promise<T>;
  remove(key: string, etag: string | null): Promise<void>;
}

/** What an item carries beside what may be written: the API refuses fields it does not know in a body. */
const READ_ONLY = ["id", "version", "has_password", "locked_until_at"];

function writable(body: unknown): unknown {
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => !READ_ONLY.includes(name)));
}

function resource<T>(name: string): Resource<T> {
  const path = `/${name}`;
  return {
    name,
    list: (query) => get<Page<T>>(path, { limit: 200, ...query }),
    get: (key) => request<T>("GET", `${path}/${id(key)}`),
    create: (body) => post<T>(path, writable(body), crypto.randomUUID()),
    update: async (key, etag, body) =>
      (await request<T>("PUT", `${path}/${id(key)}`, { etag, body: writable(body) })).data,
    remove: async (key, etag) => {
      await request("DELETE", `${path}/${id(key)}`, { etag });
    },
  };
}

export const users = resource<User>("users");
export const teams = resource<Team>("teams");
export const queues = resource<Queue>("queues");
export const numbers = resource<NumberRow>("numbers");
export const trunks = resource<Trunk>("trunks");
export const prompts = resource<Prompt>("prompts");
export const breakReasons = resource<Code>("break-reasons");
export const wrapUpCodes = resource<Code>("wrap-up-codes");

export const session = {
  current: () => get<Session>("/session"),
  signIn: (username: string, password: string) => post<Session & { token: string }>("/session", { username, password }),
  signOut: async () => {
    await request("DELETE", "/session");
  },
};

export const setup = {
  state: () => get<{ needed: boolean }>("/setup"),
  create: (body: { token: string; username: string; display_name: string; password: string }) =>
    post<unknown>("/setup", body),
};

export const me = {
  agent: () => get<AgentLive>("/me/agent"),
  setAgent: async (body: { status: WantedStatus; reason?: string | null; device?: Device }) =>
    (await request<AgentLive>("PUT", "/me/agent", { body })).data,
  setLocale: async (locale: Locale) => (await request<User>("PATCH", "/me", { body: { locale } })).data,
  setPassword: (current: string, next: string) => post<void>("/me/password", { current, new: next }),
  accept: (offer: string, media: Media) => post<Connected>(`/me/offers/${id(offer)}/accept`, media),
  decline: (offer: string) => post<void>(`/me/offers/${id(offer)}/decline`),
  dial: (to: string, media: Media) => post<Connected>("/me/calls", { to, ...media }),
  resume: (call: string, sdp: string) => post<Connected>(`/me/calls/${id(call)}/resume`, { sdp }),
};

export const calls = {
  hangup: (call: string) => post<void>(`/calls/${id(call)}/hangup`),
  hold: (call: string) => post<void>(`/calls/${id(call)}/hold`),
  unhold: (call: string) => post<void>(`/calls/${id(call)}/unhold`),
  mute: (call: string, muted: boolean) => post<void>(`/calls/${id(call)}/mute`, { muted }),
  dtmf: (call: string, digits: string) => post<void>(`/calls/${id(call)}/dtmf`, { digits }),
  transfer: (call: string, to: TransferTo) => post<void>(`/calls/${id(call)}/transfer`, { to }),
};

export const interactions = {
  list: (query: Query) => get<Page<Interaction>>("/interactions", query),
  get: (key: string) => get<InteractionDetail>(`/interactions/${id(key)}`),
  wrapUp: (key: string, body: { code?: string; note?: string }) => post<void>(`/interactions/${id(key)}/wrap-up`, body),
  waveform: (key: string) => get<Waveform>(`/interactions/${id(key)}/waveform`),
  recordingUrl: (key: string) => `/api/v1/interactions/${id(key)}/recording`,
};

export const customers = {
  get: (key: string) => get<Customer & { recent?: Interaction[] }>(`/customers/${id(key)}`),
  reveal: (key: string, reason: string) => post<Customer>(`/customers/${id(key)}/reveal`, { reason }),
};

export const people = {
  setPassword: (user: string, password: string) => post<void>(`/users/${id(user)}/password`, { password }),
  unlock: (user: string) => post<void>(`/users/${id(user)}/unlock`),
  phonePassword: (user: string) => post<{ password: string }>(`/users/${id(user)}/phone-password`),
  roles: () => get<{ items: { role: Role; grants: Grant[]; takes_calls: boolean }[] }>("/roles"),
};

export const apiKeys = {
  list: () => get<Page<ApiKey>>("/api-keys", { limit: 200 }),
  create: (body: unknown) => post<ApiKey & { secret: string }>("/api-keys", body, crypto.randomUUID()),
  remove: async (key: string) => {
    await request("DELETE", `/api-keys/${id(key)}`);
  },
};

export const audit = { list: (query: Query) => get<Page<AuditRow>>("/audit", query) };
export const directory = () => get<Directory>("/directory");
export const phoneConfig = () => get<PhoneConfig>("/phone/config");
export const callMe = () => post<void>("/demo/call-me");
