/** One door to the HTTP API: adds the CSRF token, turns `application/problem+json` into an error, keeps the server's clock. */
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./types.ts";

/** A refused request. `code` is the API's stable word; `network` when no answer came at all. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail?: string,
    readonly field?: string,
    /** Identifies the request in the server's log. */
    readonly requestId?: string,
  ) {
    super(detail ?? code);
    this.name = "Problem";
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
}

let csrf = "";
let skewMs = 0;
let onSignedOut: () => void = () => {};

export function setCsrf(token: string): void {
  csrf = token;
}
/** Called when the server says the session is over. */
export function onUnauthenticated(handler: () => void): void {
  onSignedOut = handler;
}
/** The server's clock in microseconds, as well as the `Date` header lets us know it. */
export function serverNow(): number {
  return (Date.now() + skewMs) * 1000;
}

/** `Date` has whole seconds, so anything below two is noise and the local clock is kept. */
const SKEW_NOISE_MS = 2000;

function learnClock(response: Response): void {
  const date = response.headers.get("date");
  if (!date) return;
  const difference = Date.parse(date) - Date.now();
  skewMs = Number.isFinite(difference) && Math.abs(difference) > SKEW_NOISE_MS ? difference : 0;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("x-csrf-token", csrf);
    return request;
  },
  onResponse({ response, schemaPath, request }) {
    learnClock(response);
    // A wrong password is a 401 too, and nobody is signed out by it.
    if (response.status === 401 && !(schemaPath === "/api/v1/session" && request.method === "POST")) onSignedOut();
  },
  onError: ({ error }) =>
    error instanceof DOMException && error.name === "AbortError" ? error : new Problem("network", 0),
};

export const http = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
  // Looked up at every call, so that a test can put its own in.
  fetch: (request: Request) => globalThis.fetch(request),
});
http.use(middleware);

function problemOf(error: unknown, response: Response): Problem {
  const fields = (typeof error === "object" && error !== null ? error : {}) as {
    code?: string;
    title?: string;
    detail?: string | null;
    field?: string | null;
  };
  const code = fields.code ?? (response.status >= 500 ? "internal" : `http_${response.status}`);
  const requestId = response.headers.get("x-request-id") ?? undefined;
  return new Problem(code, response.status, fields.detail ?? fields.title, fields.field ?? undefined, requestId);
}

interface Fetched<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body with its ETag, or a thrown `Problem`. */
export async function answer<T>(call: Promise<Fetched<T>>): Promise<Answer<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(error, response);
  return { data: data as T, etag: response.headers.get("etag") };
}

/** The body, or a thrown `Problem`. */
export async function body<T>(call: Promise<Fetched<T>>): Promise<T> {
  return (await answer(call)).data;
}

/** For answers without a body. */
export async function done(call: Promise<Fetched<unknown>>): Promise<void> {
  await answer(call);
}
