// Goal: who does not want to wait hangs up, keeps the place and is called in turn; agent first and customer first; a restart forgets nobody.
// Method: telephones of ours as agent and customers, each with a tone of its own; the order in which phones ring, and what is heard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const [AGENT_HZ, CUSTOMER_HZ] = [400, 700];
const CUSTOMER = "13500000001";
let zhiyin;
let admin;
let supervisor;
let agent;
let customer;
let queue;

const changed = async (path, key, change) => {
  const row = (await admin.get(`/api/v1/${path}?limit=200`)).items.find((r) => r.key === key);
  const { id, version, has_password: _, ...body } = row;
  await admin.put(`/api/v1/${path}/${id}`, { ...body, ...change }, { "If-Match": `"${version}"` });
  return id;
};

async function person(username) {
  const api = await Api.signIn(zhiyin.http, zhiyin.ready.logins.find((l) => l.username === username));
  const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
  const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
  assert.equal((await phone.register()).status, 200);
  return { api, phone };
}
const available = () => eventually(() => agent.api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" }).then(() => true, () => false));
const offline = () => eventually(() => agent.api.put("/api/v1/me/agent", { status: "offline" }).then(() => true, () => false));
const waiting = async () => (await supervisor.get("/api/v1/live")).waiting.sort((a, b) => a.position - b.position);
const open = async () => (await supervisor.get("/api/v1/callbacks?stage=open")).items;
const state = (id, word) =>
  eventually(async () => {
    const now = await supervisor.get(`/api/v1/callbacks/${id}`);
    return now.state === word && now;
  }, 15_000, `callback ${word}`);

/** Both ends hear each other. */
async function talk(atCustomer, atAgent) {
  atCustomer.media.say(CUSTOMER_HZ);
  atAgent.media.say(AGENT_HZ);
  await Promise.all([
    atCustomer.media.hears((m) => m.share(AGENT_HZ, 300) > 0.8, 10_000, "the agent at the customer"),
    atAgent.media.hears((m) => m.share(CUSTOMER_HZ, 300) > 0.8, 10_000, "the customer at the agent"),
  ]);
}

async function signIn() {
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  agent = await person("li.na");
  customer = await Phone.open({ server: zhiyin.sip, user: CUSTOMER });
  // The way out to the customer's telephone.
  await changed("trunks", "demo-out", { port: customer.port, prefix: "9", strip: 1 });
}

before(async () => {
  zhiyin = await demo();
  await signIn();
  const callbacks = { mode: "agent_first", tries: 2, retry_gap_ms: 60_000, kept_ms: 3_600_000, ring_timeout_ms: 20_000, greeting: "callback_greeting" };
  const members = [{ user: agent.api.user.id, level: 1 }];
  queue = await changed("queues", "service", { hours: null, wrap_up_ms: 0, members, callbacks, routing: {} });
});
after(async () => {
  for (const phone of [agent?.phone, customer]) phone?.close();
  await zhiyin?.stop();
});

test("the place is kept: called before whoever came later", async () => {
  const first = await customer.dial("4001");
  const second = await Phone.open({ server: zhiyin.sip, user: "13500000002" });
  await eventually(async () => (await waiting()).length === 1);
  const later = await second.dial("4001");
  const [a, b] = await eventually(async () => {
    const line = await waiting();
    return line.length === 2 && line;
  });
  first.media.rfc4733("2");
  // The question is heard out, so that the digit is not lost among prompts that a caller would hear too.
  await eventually(() => first.media.heard.length > 100);
  first.media.rfc4733("1");
  assert.equal(await first.over, "far", "thanked and let go");
  const [kept, behind] = await eventually(async () => {
    const line = await waiting();
    return line[0]?.callback && line;
  });
  assert.deepEqual([kept.position, kept.since, behind.interaction, behind.callback], [1, a.since, b.interaction, false]);
  const [callback] = await open();
  assert.deepEqual([callback.state, callback.asked_in, callback.since, callback.number.includes("*")], ["waiting", a.interaction, a.since, true]);

  const desk = agent.phone.incoming();
  const called = customer.incoming();
  await available();
  const agentLeg = await (await desk).answer();
  const ringing = await called;
  ringing.ring();
  await talk(await ringing.answer(), agentLeg);
  assert.deepEqual((await waiting()).map((w) => w.interaction), [b.interaction], "the other one still waits");
  assert.equal((await state(callback.id, "calling")).attempts, 1);
  const next = agent.phone.incoming();
  await agentLeg.hangUp();
  const over = await state(callback.id, "done");
  assert.deepEqual([over.outcome, over.attempts], ["reached", 1]);
  await talk(later, await (await next).answer());
  await later.hangUp();
  second.close();
  await offline();

  const asked = await eventually(async () => {
    const detail = await supervisor.get(`/api/v1/interactions/${a.interaction}`).catch(() => ({}));
    return detail.state === "ended" && detail;
  });
  assert.equal(asked.outcome, "callback_booked");
  const kinds = asked.events.map((e) => e.type);
  assert.ok(kinds.includes("callback_requested") && kinds.includes("callback_ended"), kinds.join());
  const handled = (await supervisor.get("/api/v1/interactions?outcome=handled")).items.filter((i) => i.direction === "outbound");
  assert.ok(handled.some((i) => i.queue === queue && i.queued_at === a.since), "the call back is an interaction with the original wait");
});

test("customer first: their phone rings while an agent is kept free", async () => {
  const { id } = await supervisor.post("/api/v1/callbacks", { queue, number: "135-0000 0001", mode: "customer_first" });
  await assert.rejects(supervisor.post("/api/v1/callbacks", { queue, number: CUSTOMER }), /409/, "asked twice");
  await state(id, "waiting");
  const called = customer.incoming();
  const desk = agent.phone.incoming();
  await available();
  const ringing = await called;
  ringing.ring();
  const me = await eventually(async () => {
    const now = (await supervisor.get("/api/v1/live")).agents.find((a) => a.user === agent.api.user.id);
    return now.status === "ringing" && now;
  });
  assert.ok(me.works.length === 1);
  const leg = await ringing.answer();
  await leg.media.hears((m) => m.recent(300).some((s) => Math.abs(s) > 1000), 5_000, "the greeting or music");
  await talk(leg, await (await desk).answer());
  await leg.hangUp();
  assert.equal((await state(id, "done")).outcome, "reached");
  await offline();
});

test("who is busy is called again later, and may be called off", async () => {
  await available();
  const desk = agent.phone.incoming();
  const called = customer.incoming();
  const before = Date.now() * 1000;
  const { id } = await supervisor.post("/api/v1/callbacks", { queue, number: CUSTOMER });
  const agentLeg = await (await desk).answer();
  (await called).reject();
  const retry = await state(id, "retry_at");
  assert.equal(retry.attempts, 1);
  assert.ok(retry.at >= before + 60_000_000 && retry.at < before + 90_000_000, "after the gap");
  assert.equal(await agentLeg.over, "far", "the agent is let go");
  assert.equal((await supervisor.request("DELETE", `/api/v1/callbacks/${id}`)).status, 204);
  await state(id, "cancelled");
  assert.equal((await supervisor.request("DELETE", `/api/v1/callbacks/${id}`)).status, 409);
  await offline();
});

test("an agreed time is kept, and what cannot be met is refused", async () => {
  const at = Date.now() * 1000 + 7_200_000_000;
  const { id } = await supervisor.post("/api/v1/callbacks", { queue, number: CUSTOMER, not_before: at });
  assert.deepEqual([(await state(id, "requested")).at, (await waiting()).length], [at, 0]);
  await supervisor.request("DELETE", `/api/v1/callbacks/${id}`);
  for (const [body, status] of [
    [{ queue, number: "12" }, 400],
    [{ queue, number: "call me" }, 400],
    [{ queue, number: CUSTOMER, not_before: at + 40 * 86_400_000_000 }, 400],
    [{ queue: agent.api.user.id, number: CUSTOMER }, 404],
  ]) {
    const answer = await supervisor.request("POST", "/api/v1/callbacks", body);
    assert.equal(answer.status, status, JSON.stringify([body, await answer.json()]));
  }
});

test("a process that dies forgets nobody", async () => {
  const { id } = await supervisor.post("/api/v1/callbacks", { queue, number: CUSTOMER });
  const kept = await state(id, "waiting");
  await zhiyin.kill9();
  for (const phone of [agent.phone, customer]) phone.close();
  zhiyin = await zhiyin.restart();
  await signIn();
  assert.equal((await state(id, "waiting")).since, kept.since);
  await eventually(async () => (await waiting())[0]?.since === kept.since, 10_000, "its place");
  const desk = agent.phone.incoming();
  const called = customer.incoming();
  await available();
  const agentLeg = await (await desk).answer();
  const leg = await (await called).answer();
  await talk(leg, agentLeg);
  await leg.hangUp();
  assert.equal((await state(id, "done")).outcome, "reached");
});
