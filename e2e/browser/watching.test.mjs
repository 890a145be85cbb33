// Goal: a wallboard under five calls a second shows what the event log says, tile by tile; an alert is on the page within two seconds.
// Method: SIPp calls a queue that a few of our telephones serve; afterwards the board of the running server, the page's own text and
// `zhiyin board`, which folds the event log anew in another process, are compared. An alert's delay is timed on this machine's one clock,
// from the event that made it true; a webhook receiver written here gets it too, and checks the signature.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, desk } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const CALLS = 100;
const PER_SECOND = 5;
let zhiyin;
let chromium;
let admin;
let supervisor;
let folder;
const people = [];
before(async () => {
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  folder = mkdtempSync(join(tmpdir(), "zhiyin-watching-"));
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
});
after(async () => {
  for (const { phone } of people) phone.close();
  await chromium?.close();
  await zhiyin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls `number` at a steady rate; each caller waits `patience` ms after the answer and hangs up. */
function callers(number, { calls, rate, patience }) {
  const scenario = join(folder, `${number}-${patience}.xml`);
  writeFileSync(
    scenario,
    `<?xml version="1.0"?><scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:139000[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:139000[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0
]]></send>
<pause milliseconds="${patience}"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:139000[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0
]]></send>
<recv response="200"/>
</scenario>`,
  );
  const args = ["-sf", scenario, zhiyin.sip, "-s", number, "-i", "127.0.0.2", "-mi", "127.0.0.2", "-mp", "18000", "-m", String(calls), "-r", String(rate), "-nostdin", "-timeout", "120s"];
  const child = spawn("sipp", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return { done: new Promise((resolve) => child.once("exit", resolve)) };
}

/** An agent whose telephone answers at once and talks for a moment. */
async function serve(login, talkMs) {
  const api = await Api.signIn(zhiyin.http, login);
  const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
  const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
  assert.equal((await phone.register()).status, 200);
  phone.onInvite = async (call) => {
    const leg = await call.answer().catch(() => undefined);
    if (!leg) return;
    // The talk is as long as it is: nothing waits for it here.
    setTimeout(() => leg.hangUp().catch(() => {}), talkMs);
  };
  await eventually(() => api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" }).then(() => true, () => false));
  people.push({ api, phone });
}

async function change(path, key, with_) {
  const row = (await admin.get(path)).items.find((r) => r.key === key || r.number === key);
  const { id, version, ...body } = row;
  await admin.put(`${path}/${id ?? key}`, { ...body, ...with_ }, { "If-Match": `"${version}"` });
}

test("every tile equals what the event log says", async (t) => {
  await change("/api/v1/queues", "service", { wrap_up_ms: 1000, service_level_threshold_s: 5 });
  const agents = zhiyin.ready.logins.filter((l) => l.role === "agent" || l.role === "senior_agent");
  for (const login of agents) await serve(login, 700);
  const board = (await supervisor.get("/api/v1/boards")).items.find((b) => b.key === "floor");
  const page = await desk(chromium, zhiyin.http, zhiyin.login("supervisor"));
  await page.goto(`${zhiyin.http}/boards/${board.id}`);
  await page.getByTestId("tile-waiting").waitFor();

  const figure = (live, id) => live.tiles[id].shown.value?.value ?? 0;
  // The demo's own history of today is there already.
  const before = await supervisor.get(`/api/v1/boards/${board.id}/live`);
  assert.equal(await callers("4001", { calls: CALLS, rate: PER_SECOND, patience: 2500 }).done !== null, true);
  // Everybody has hung up and wrapped up.
  await eventually(async () => {
    const live = await supervisor.get("/api/v1/live");
    return live.calls.length === 0 && live.waiting.length === 0 && live.agents.every((a) => a.status !== "wrap_up" && a.status !== "on_call");
  }, 30_000, "a quiet floor");
  // History is written a moment after the fact.
  await eventually(async () => (await supervisor.get("/api/v1/interactions?state=ended&limit=1")).items.length === 1);
  const shown = await supervisor.get(`/api/v1/boards/${board.id}/live`);
  const folded = await zhiyin.run("board", "floor", "--at", String(shown.at), "--json");
  assert.equal(folded.code, 0, folded.err);
  const recomputed = JSON.parse(folded.out);
  // Colours have a memory (hysteresis); numbers have none.
  const numbers = (tile) => JSON.parse(JSON.stringify(tile.shown), (key, value) => (key === "level" ? undefined : value));
  for (const [id, tile] of Object.entries(shown.tiles)) assert.deepEqual(numbers(tile), numbers(recomputed.tiles[id]), id);
  const value = (id) => figure(shown, id);
  const came = (id) => value(id) - figure(before, id);
  assert.equal(came("offered"), CALLS);
  assert.equal(came("answered") + came("abandoned"), CALLS);

  // And what is behind a number is as many as the number says.
  for (const metric of ["offered", "answered", "abandoned"]) {
    const behind = await supervisor.post("/api/v1/monitor/records", { metric, scope: { of: "tenant" }, window: "today" });
    assert.equal(behind.counted.length, value(metric), metric);
  }
  // How well the waits were foreseen: promise against outcome of those very callers, in the API and for Prometheus.
  const service = (await admin.get("/api/v1/queues")).items.find((q) => q.key === "service");
  const { quality } = await supervisor.get(`/api/v1/queues/${service.id}/estimate`);
  assert.ok(quality.samples >= 30 && quality.samples <= CALLS, `${quality.samples} promises came to an end`);
  assert.ok(quality.error_p50_ms <= quality.error_p90_ms && quality.coverage_p90 >= 0 && quality.coverage_p90 <= 1);
  const told = (await (await fetch(`${zhiyin.http}/metrics`)).text()).match(/zhiyin_wait_estimate_error_seconds\{queue="service",quantile="0.5"\} (\S+)/);
  assert.equal(Number(told?.[1]), quality.error_p50_ms / 1000, "the metric says the same");
  t.diagnostic(JSON.stringify({ figure: "estimate_error", ...quality }));
  // The page shows it too.
  await page.waitForFunction(
    ([n, m]) => document.querySelector('[data-testid="tile-offered"]')?.innerText.includes(n) && document.querySelector('[data-testid="tile-answered"]')?.innerText.includes(m),
    [String(value("offered")), String(value("answered"))],
    { timeout: 5000 },
  );
  t.diagnostic(JSON.stringify({ figure: "wallboard", calls: CALLS, answered: came("answered"), abandoned: came("abandoned"), tiles: Object.keys(shown.tiles).length }));
  await page.close();
});

test("an alert is on the page, and at the webhook, within two seconds", async (t) => {
  const key = randomBytes(32);
  const posts = [];
  let tell;
  const posted = new Promise((resolve) => (tell = resolve));
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (d) => (body += d));
    request.on("end", () => {
      const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
      posts.push({ at: Date.now(), body: JSON.parse(body), fine: signature === `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}` });
      // The first try fails, so that the second shows that nothing is lost.
      response.writeHead(posts.length === 1 ? 500 : 204).end();
      if (posts.length > 1) tell();
    });
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  for (const { api } of people) await api.put("/api/v1/me/agent", { status: "offline" });
  await change("/api/v1/queues", "service", { queue_len_max: 200, wait_max_ms: 600_000 });
  const url = `http://127.0.0.1:${receiver.address().port}/alerts`;
  await admin.post("/api/v1/webhooks", { key: "test", name: { zh: "测试", en: "Test" }, url, enabled: true, secret: `whsec_${key.toString("base64")}` });
  const { version: _, ...rule } = (await admin.get("/api/v1/alert-rules")).items.find((r) => r.key === "waiting_critical");
  await change("/api/v1/alert-rules", "waiting_critical", { ...rule, notify: [{ to: "app" }, { to: "webhook", webhook: "test" }] });

  const page = await desk(chromium, zhiyin.http, zhiyin.login("supervisor"));
  const name = (await page.evaluate(() => document.documentElement.lang)).startsWith("zh") ? rule.name.zh : rule.name.en;
  const painted = page.evaluate(
    (words) =>
      new Promise((resolve) => {
        const look = () => ([...document.querySelectorAll('[data-testid="alert-toast"]')].some((e) => e.innerText.includes(words)) ? requestAnimationFrame(() => resolve(Date.now())) : requestAnimationFrame(look));
        look();
      }),
    name,
  );
  const flood = callers("4001", { calls: 60, rate: 30, patience: 12_000 });
  const paintedAt = await painted;
  const live = await supervisor.get("/api/v1/live");
  // The rule is "more than 50": true with the fifty-first.
  const since = live.waiting.map((w) => w.since).sort((a, b) => a - b)[50] / 1000;
  const took = paintedAt - since;
  await posted;
  const webhook = posts[0].at - since;
  t.diagnostic(JSON.stringify({ figure: "alert_ms", page: Math.round(took), webhook: Math.round(webhook), retried: Math.round(posts[1].at - since) }));
  assert.ok(took < 2000, `${took} ms to the page`);
  assert.ok(webhook < 2000, `${webhook} ms to the webhook`);
  assert.ok(posts.every((p) => p.fine), "signatures");
  assert.equal(posts[0].body.type, "alert.fired");
  assert.equal(posts[0].body.data.rule, "waiting_critical");

  const [alert] = (await supervisor.get("/api/v1/alerts?state=active")).items.filter((a) => a.rule === "waiting_critical");
  assert.deepEqual(posts[0].body.data, alert, "a webhook is told what the API says");
  const acknowledged = await supervisor.post(`/api/v1/alerts/${alert.number}/acknowledge`);
  assert.equal(acknowledged.acknowledged.by, supervisor.user.id);
  await assert.rejects(supervisor.post(`/api/v1/alerts/${alert.number}/acknowledge`), /409/);
  await flood.done;
  receiver.close();
});
