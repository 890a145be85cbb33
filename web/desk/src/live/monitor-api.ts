/** Calls of watching. They stand here and not in `@zhiyin/client/api` only until the generated paths know them. */
import { all, at, once, type Resource, under, type WantedStatus } from "@zhiyin/client/api";
import { type Answer, answer, body, done, http } from "@zhiyin/client/http";
import type { Connected, Page } from "@zhiyin/client/model";
import type {
  Alert,
  AlertRule,
  AlertRuleBody,
  Board,
  BoardBody,
  Metric,
  MonitorMode,
  Question,
  Records,
  Webhook,
  WebhookBody,
  WebhookTest,
} from "./monitor-types.ts";

type Untyped = <T>(path: string, init?: object) => Promise<{ data?: T; error?: unknown; response: Response }>;
const { GET, POST, PUT, DELETE } = http as unknown as Record<"GET" | "POST" | "PUT" | "DELETE", Untyped>;

function resource<T, B>(name: string): Resource<T, B> {
  const path = `/api/v1/${name}`;
  const one = `${path}/{id}`;
  return {
    name,
    list: (): Promise<Page<T>> => body(GET(path, all)),
    get: (id): Promise<Answer<T>> => answer(GET(one, at(id))),
    create: (item): Promise<T> => body(POST(path, { body: item, params: once() })),
    update: (id, etag, item): Promise<T> => body(PUT(one, { body: item, ...under(id, etag) })),
    remove: (id, etag) => done(DELETE(one, under(id, etag))),
  };
}

export const boards = resource<Board, BoardBody>("boards");
export const alertRules = resource<AlertRule, AlertRuleBody>("alert-rules");
export const webhooks = {
  ...resource<Webhook, WebhookBody>("webhooks"),
  test: (id: string): Promise<WebhookTest> => body(POST("/api/v1/webhooks/{id}/test", at(id))),
};

export const monitor = {
  metrics: (): Promise<{ metrics: Metric[] }> => body(GET("/api/v1/metrics")),
  records: (question: Question): Promise<Records> => body(POST("/api/v1/monitor/records", { body: question })),
};

export const alerts = {
  list: (query: { state: "active" | "over"; cursor?: string; limit?: number }): Promise<Page<Alert>> =>
    body(GET("/api/v1/alerts", { params: { query } })),
  acknowledge: (number: number): Promise<Alert> =>
    body(POST("/api/v1/alerts/{number}/acknowledge", { params: { path: { number } } })),
};

const member = (queue: string, user: string) => ({ params: { path: { queue, user } } });

/** What a supervisor does to others. */
export const supervise = {
  setStatus: (user: string, item: { status: WantedStatus; reason?: string }) =>
    done(PUT("/api/v1/agents/{user}/status", { body: item, params: { path: { user } } })),
  addMember: (queue: string, user: string) =>
    done(PUT("/api/v1/queues/{queue}/members/{user}", { body: {}, ...member(queue, user) })),
  removeMember: (queue: string, user: string) =>
    done(DELETE("/api/v1/queues/{queue}/members/{user}", member(queue, user))),
};

const ofCall = (call: string) => ({ params: { path: { call } } });

/** Listening to a call of somebody else. */
export const monitorCall = {
  join: (call: string, mode: MonitorMode, sdp: string): Promise<Connected> =>
    body(POST("/api/v1/calls/{call}/monitor", { body: { mode, media: "browser", sdp }, ...ofCall(call) })),
  change: (call: string, mode: MonitorMode) =>
    done(PUT("/api/v1/calls/{call}/monitor", { body: { mode }, ...ofCall(call) })),
  leave: (call: string) => done(DELETE("/api/v1/calls/{call}/monitor", ofCall(call))),
};
