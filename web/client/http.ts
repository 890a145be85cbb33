/** One door to the HTTP API: adds the CSRF token, turns `application/problem+json` into an error, keeps the server's clock. */

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

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  etag?: string | null;
  idempotencyKey?: string;
  signal?: AbortSignal;
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

function url(path: string, query: RequestOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `/api/v1${path}?${text}` : `/api/v1${path}`;
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const fields = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    title?: string;
    field?: string;
  };
  const code = fields.code ?? (response.status >= 500 ? "internal" : `http_${response.status}`);
  return new Problem(code, response.status, fields.detail ?? fields.title, fields.field, requestId);
}

/** Sends one request; resolves with the body and its ETag, rejects with a `Problem`. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET") headers["x-csrf-token"] = csrf;
  if (options.etag) headers["if-match"] = options.etag;
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: "same-origin",
      signal: options.signal,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem("network", 0);
  }
  learnClock(response);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && !(method === "POST" && path === "/session")) onSignedOut();
    throw problem;
  }
  const text = await response.text();
  return { data: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get("etag") };
}
