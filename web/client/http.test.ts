import { afterEach, describe, expect, it, vi } from "vitest";
import { onUnauthenticated, Problem, request, serverNow, setCsrf } from "./http.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn(
    async (_url: string, _init: RequestInit) =>
      new Response(body === undefined ? null : JSON.stringify(body), { status, headers }),
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
const sentHeaders = (fetch: ReturnType<typeof answer>) => fetch.mock.calls[0]?.[1].headers as Record<string, string>;

afterEach(() => {
  vi.unstubAllGlobals();
  onUnauthenticated(() => {});
});

describe("request", () => {
  it("builds the path and leaves empty filters out", async () => {
    const fetch = answer(200, { items: [] });
    await request("GET", "/interactions", { query: { agent: "me", queue: "", to: null, limit: 20 } });
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/interactions?agent=me&limit=20");
    expect(sentHeaders(fetch)["x-csrf-token"]).toBeUndefined();
  });

  it("sends CSRF token, If-Match and Idempotency-Key with changes", async () => {
    setCsrf("secret");
    const fetch = answer(200, {});
    await request("PUT", "/queues/1", { body: {}, etag: '"7"', idempotencyKey: "k" });
    expect(sentHeaders(fetch)).toMatchObject({ "x-csrf-token": "secret", "if-match": '"7"', "idempotency-key": "k" });
  });

  it("returns the ETag, and nothing for an empty answer", async () => {
    answer(200, { a: 1 }, { etag: '"3"' });
    expect(await request("GET", "/x")).toEqual({ data: { a: 1 }, etag: '"3"' });
    answer(204, undefined);
    expect((await request("DELETE", "/x")).data).toBeUndefined();
  });

  it("turns problem documents into errors", async () => {
    answer(400, { code: "invalid", detail: "1 to 80 characters", field: "name" }, { "x-request-id": "r1" });
    const error = await request("POST", "/x", { body: {} }).catch((problem) => problem);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "invalid", status: 400, field: "name", requestId: "r1" });
  });

  it("has a word for answers that are no problem documents, and for none at all", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    await expect(request("GET", "/x")).rejects.toMatchObject({ code: "internal", status: 502 });
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("failed")));
    await expect(request("GET", "/x")).rejects.toMatchObject({ code: "network", status: 0 });
  });

  it("reports the end of the session, but not a wrong password", async () => {
    const over = vi.fn();
    onUnauthenticated(over);
    answer(401, { code: "unauthenticated" });
    await request("POST", "/session", { body: {} }).catch(() => {});
    expect(over).not.toHaveBeenCalled();
    await request("GET", "/me/agent").catch(() => {});
    expect(over).toHaveBeenCalledOnce();
  });

  it("follows the server's clock when it differs by seconds", async () => {
    answer(200, {}, { date: new Date(Date.now() + 60_000).toUTCString() });
    await request("GET", "/x");
    expect(serverNow() / 1000 - Date.now()).toBeGreaterThan(57_000);
    answer(200, {}, { date: new Date().toUTCString() });
    await request("GET", "/x");
    expect(Math.abs(serverNow() / 1000 - Date.now())).toBeLessThan(50);
  });
});
