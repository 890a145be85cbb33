// Goal: the router's rules on the running system: several phones ring and one wins, skills decide, and it is explained.
// Method: agents with our own SIP telephones, driven by the API; a queue whose rules the test changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let admin;
let supervisor;
let people;
before(async () => {
  zhiyin = await demo();
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const { members } = (await admin.get("/api/v1/queues")).items.find((q) => q.key === "service");
  people = [];
  for (const login of zhiyin.ready.logins.filter((l) => l.role === "agent")) {
    const api = await Api.signIn(zhiyin.http, login);
    if (!members.some((m) => m.user === api.user.id)) continue;
    const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
    const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
    assert.equal((await phone.register()).status, 200);
    people.push({ api, phone, id: api.user.id });
  }
  assert.ok(people.length >= 3);
  people.length = 3;
});
after(async () => {
  for (const { phone } of people ?? []) phone.close();
  await zhiyin?.stop();
});

const everybody = (status) =>
  Promise.all(people.map(({ api }) => eventually(() => api.put("/api/v1/me/agent", { status, ...(status === "available" ? { device: "desk_phone" } : {}) }).then(() => true, () => false))));

/** Changes the service queue: whole rules, kept members. */
async function rules(change) {
  const row = (await admin.get("/api/v1/queues")).items.find((q) => q.key === "service");
  const { id, version, ...body } = row;
  await admin.put(`/api/v1/queues/${id}`, { ...body, ...change }, { "If-Match": `"${version}"` });
}

async function explained(id) {
  return eventually(async () => {
    // History is written a moment after the fact.
    const detail = await supervisor.get(`/api/v1/interactions/${id}`).catch(() => ({}));
    return detail.state === "ended" && detail.routes.length > 0 && detail;
  }, 10_000, "the explanation");
}
const current = async () => (await supervisor.get("/api/v1/live")).calls[0].call;

test("all phones ring, the first to answer has the call, the others stop", async () => {
  await rules({ strategy: "ring_all", wrap_up_ms: 0 });
  await everybody("available");
  const ringing = people.map(({ phone }) => phone.incoming());
  const caller = await Phone.open({ server: zhiyin.sip, user: "13500000001" });
  const leg = await caller.dial("4001");
  leg.media.say(700);
  const calls = await Promise.all(ringing);
  for (const call of calls) call.ring();
  const id = await current();
  const winner = await calls[1].answer();
  winner.media.say(400);
  assert.deepEqual(await Promise.all([calls[0].leg.over, calls[2].leg.over]), ["cancelled", "cancelled"]);
  await Promise.all([
    leg.media.hears((m) => m.share(400, 300) > 0.8, 10_000, "the winner at the caller"),
    winner.media.hears((m) => m.share(700, 300) > 0.8, 10_000, "the caller at the winner"),
  ]);
  await leg.hangUp();
  caller.close();
  const detail = await explained(id);
  assert.equal(detail.agent, people[1].id);
  assert.equal(detail.routes.length, 3);
  assert.ok(detail.routes.every((r) => r.strategy === "ring_all"));
  assert.equal(detail.segments.filter((s) => s.kind === "offer").length, 3);
});

test("the skilled agent is rung, and who was left out is told", async () => {
  const skilled = people[2];
  const { version, ...user } = await admin.get(`/api/v1/users/${skilled.id}`);
  const { id: _, locked_until_at: __, ...body } = user;
  await admin.put(`/api/v1/users/${skilled.id}`, { ...body, skills: { klingon: 8 } }, { "If-Match": `"${version}"` });
  await rules({ strategy: "best_skill", routing: { needs: "klingon >= 5" } });
  await everybody("available");
  const incoming = skilled.phone.incoming();
  const caller = await Phone.open({ server: zhiyin.sip, user: "13500000002" });
  const leg = await caller.dial("4001");
  const call = await incoming;
  call.ring();
  const id = await current();
  await call.answer();
  await leg.hangUp();
  caller.close();
  const [route] = (await explained(id)).routes;
  assert.deepEqual(route.candidates, [skilled.id]);
  assert.equal(route.needs, "klingon >= 5");
  for (const other of people.slice(0, 2)) assert.equal(route.ruled_out.find((r) => r.agent === other.id)?.why, "skills");
});
