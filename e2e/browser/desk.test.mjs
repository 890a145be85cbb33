// Goal: what an agent does all day beside the first call: reload without losing the call, transfer, dial out, miss a call.
// Method: Chromium against the demo, the far sides are test telephones and a desk phone; sound is measured, not assumed.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { browser, desk, hears, setStatus } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let chromium;
let agents;
before(async () => {
  chromium = await browser({ micHz: 1000 });
});
// A company of its own for each test: a failed one leaves nobody on a call in the next.
beforeEach(async () => {
  zhiyin = await demo();
  agents = zhiyin.ready.logins.filter((l) => l.role === "agent");
});
afterEach(() => zhiyin?.stop());
after(() => chromium?.close());

async function connected(user, number = "4001") {
  const page = await desk(chromium, zhiyin.http, agents[0]);
  await setStatus(page, "available");
  const caller = await Phone.open({ server: zhiyin.sip, user });
  const leg = await caller.dial(number);
  leg.media.say(700);
  await page.getByTestId("answer").click({ timeout: 20_000 });
  await Promise.all([hears(page, 700), leg.media.hears((m) => m.share(1000, 300) > 0.8, 10_000, "the agent")]);
  return { page, caller, leg };
}

async function finish({ page, caller }) {
  await page.locator('[data-testid^="wrapup-code-"]').first().click();
  await page.getByTestId("wrapup-done").click();
  await setStatus(page, "offline");
  assert.deepEqual(page.errors, []);
  await page.context().close();
  caller.close();
}

test("a reload of the page keeps the call", async () => {
  const all = await connected("13700000001");
  await all.page.reload();
  await Promise.all([hears(all.page, 700, 15_000), all.leg.media.hears((m) => m.share(1000, 300) > 0.8, 15_000, "the agent again")]);
  await all.page.getByTestId("hangup").click();
  assert.equal(await all.leg.over, "far");
  await finish(all);
});

test("a blind transfer to a colleague's desk phone", async () => {
  const api = await Api.signIn(zhiyin.http, agents[1]);
  const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
  const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
  assert.equal((await phone.register()).status, 200);
  await api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" });
  const all = await connected("13700000002");
  const incoming = phone.incoming();
  const me = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const call = (await me.get("/api/v1/live")).calls[0];
  await all.page.getByTestId("transfer").click();
  await all.page.getByTestId("transfer-search").fill(api.user.display_name);
  await all.page.locator('[data-testid^="transfer-to-"]').first().click();
  await all.page.getByTestId("transfer-go").click();
  const ringing = await incoming;
  ringing.ring();
  const colleague = await ringing.answer();
  colleague.media.say(400);
  await Promise.all([
    all.leg.media.hears((m) => m.share(400, 300) > 0.8, 10_000, "the colleague at the caller"),
    colleague.media.hears((m) => m.share(700, 300) > 0.8, 10_000, "the caller at the colleague"),
  ]);
  await all.leg.hangUp();
  const whole = await eventually(async () => {
    const i = await (await Api.signIn(zhiyin.http, zhiyin.login("supervisor"))).get(`/api/v1/interactions/${call.call}`);
    return i.state === "ended" && i;
  });
  assert.ok(whole.events.some((e) => e.type === "transferred"));
  await api.put("/api/v1/me/agent", { status: "offline" });
  phone.close();
  await finish(all);
});

test("click to call through the trunk reaches the outside world", async () => {
  const page = await desk(chromium, zhiyin.http, agents[0]);
  await setStatus(page, "available");
  await page.getByTestId("dial-number").fill("913800138888");
  await page.getByTestId("dial").click();
  await page.getByTestId("call-bar").waitFor();
  const api = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  await eventually(async () => (await api.get("/api/v1/live")).calls.some((c) => c.state === "connected" && c.direction === "outbound"), 15_000, "the outside call connected");
  await page.getByTestId("hangup").click();
  const ended = await eventually(async () => (await api.get("/api/v1/interactions?limit=5")).items.find((i) => i.direction === "outbound" && i.state === "ended"), 10_000, "the ended call");
  assert.equal(ended.outcome, "handled");
  await page.getByTestId("wrapup-done").click();
  await setStatus(page, "offline");
  await page.context().close();
});

test("our own numbers can be called from the desk: the echo, and the menu by keypad", async () => {
  const page = await desk(chromium, zhiyin.http, agents[0]);
  await setStatus(page, "available");
  await page.getByTestId("dial-number").fill("4002");
  await page.getByTestId("dial").click();
  await page.getByTestId("call-bar").waitFor();
  await hears(page, 1000);
  await page.getByTestId("hangup").click();
  await page.getByTestId("call-bar").waitFor({ state: "detached" });
  await page.getByTestId("dial-number").fill("4000");
  await page.getByTestId("dial").click();
  await page.getByTestId("call-bar").waitFor();
  await page.getByTestId("keypad").click();
  const api = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  await eventually(async () => (await api.get("/api/v1/live")).calls.some((c) => c.state === "entry"), 10_000, "the menu");
  await page.getByTestId("digit-1").click();
  await eventually(async () => (await api.get("/api/v1/live")).waiting.length === 1, 30_000, "the place in the queue after the notice");
  await page.keyboard.press("Escape");
  await page.getByTestId("hangup").click();
  await eventually(async () => (await api.get("/api/v1/live")).waiting.length === 0, 10_000, "an empty queue");
  await page.getByTestId("call-bar").waitFor({ state: "detached" });
  await setStatus(page, "offline");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("nobody answers: the agent is away, the caller keeps the first place", async () => {
  const page = await desk(chromium, zhiyin.http, agents[0]);
  await setStatus(page, "available");
  const caller = await Phone.open({ server: zhiyin.sip, user: "13700000004" });
  const leg = await caller.dial("4001");
  await page.getByTestId("offer-toast").waitFor({ timeout: 15_000 });
  await page.locator('[data-testid="status-menu"][data-status="away"]').waitFor({ timeout: 60_000 });
  const supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const [waiting] = (await supervisor.get("/api/v1/live")).waiting;
  assert.equal(waiting.position, 1);
  await page.getByTestId("status-menu").click();
  await page.getByTestId("status-available").click();
  await page
    .getByTestId("offer-toast")
    .waitFor({ timeout: 5000 })
    .catch(async (e) => {
      const { agents: all, waiting: left, offers } = await supervisor.get("/api/v1/live");
      throw new Error(`${e.message}\n${JSON.stringify({ all: all.filter((a) => a.status !== "offline"), left, offers })}`);
    });
  await leg.hangUp();
  await page.getByTestId("offer-toast").waitFor({ state: "detached", timeout: 5000 });
  await setStatus(page, "offline");
  await page.context().close();
  caller.close();
});

test("call me now rings the desk with a simulated customer", async () => {
  const page = await desk(chromium, zhiyin.http, agents[0]);
  await setStatus(page, "available");
  await page.getByTestId("callme").click();
  await page.getByTestId("answer").click({ timeout: 20_000 });
  await page.getByTestId("hangup").click({ timeout: 10_000 });
  await page.getByTestId("wrapup-done").click();
  await setStatus(page, "offline");
  await page.context().close();
});
