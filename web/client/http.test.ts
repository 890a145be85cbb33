import { afterEach, describe, expect, it, vi } from "vitest";
import { callMe, calls, interactions, me, queues, session, teams } from "./api.ts";
import { onUnauthenticated, Problem, serverNow, setCsrf } from "./http.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn(
    async (_request: Request) => new Response(body === undefined ? null : JSON.stringify(body), { status, headers }),
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
const sent = (fetch: ReturnType<typeof answer>) => fetch.mock.calls[0]?.[0] as Request;

afterEach(() => {
  vi.unstubAllGlobals();
  onUnauthenticated(() => {});
});

describe("requests", () => {
  it("build the path and leave empty filters out", async () => {
    const fetch = answer(200, { items: [] });
    await interactions.list({ agent: "me", queue: undefined, limit: 20 });
    expect(sent(fetch).url).toMatch(/\/api\/v1\/interactions\?agent=me&limit=20$/);
    expect(sent(fetch).headers.get("x-csrf-token")).toBeNull();
  });

  it("carry CSRF token and If-Match with changes, a key with creates", async () => {
    setCsrf("secret");
    let fetch = answer(200, {});
    await teams.update("7", '"3"', { name: "A" });
    expect(sent(fetch).method).toBe("PUT");
    expect(sent(fetch).headers.get("x-csrf-token")).toBe("secret");
    expect(sent(fetch).headers.get("if-match")).toBe('"3"');
    fetch = answer(201, {});
    await teams.create({ name: "A" });
    expect(sent(fetch).headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("return the ETag, and nothing for an empty answer", async () => {
    answer(200, { key: "a" }, { etag: '"3"' });
    expect(await queues.get("1")).toEqual({ data: { key: "a" }, etag: '"3"' });
    answer(204, undefined);
    expect(await callMe()).toBeUndefined();
  });

  it("turn problem documents into errors", async () => {
    answer(400, { code: "invalid", detail: "1 to 80 characters", field: "name" }, { "x-request-id": "r1" });
    const error: unknown = await teams.create({ name: "" }).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "invalid", status: 400, field: "name", requestId: "r1" });
  });

  it("have a word for answers that are no problem documents, and for none at all", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    await expect(me.agent()).rejects.toMatchObject({ code: "internal", status: 502 });
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("failed")));
    await expect(calls.hangup("1")).rejects.toMatchObject({ code: "network", status: 0 });
  });

  it("report the end of the session, but not a wrong password", async () => {
    const over = vi.fn();
    onUnauthenticated(over);
    answer(401, { code: "unauthenticated" });
    await session.signIn("a", "b").catch(() => {});
    expect(over).not.toHaveBeenCalled();
    await me.agent().catch(() => {});
    expect(over).toHaveBeenCalledOnce();
  });

  it("follow the server's clock when it differs by seconds", async () => {
    answer(200, {}, { date: new Date(Date.now() + 60_000).toUTCString() });
    await me.agent();
    expect(serverNow() / 1000 - Date.now()).toBeGreaterThan(57_000);
    answer(200, {}, { date: new Date().toUTCString() });
    await me.agent();
    expect(Math.abs(serverNow() / 1000 - Date.now())).toBeLessThan(50);
  });
});
