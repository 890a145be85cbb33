// Goal: who is cut off while waiting and calls again stands where they stood, also when it was the process that died.
// Method: two telephones of ours in one line; the order on the supervisor's list, and who rings the agent first, by ear.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const NUMBERS = [1, 2, 3, 4, 5, 6, 7].map((n) => `1350000000${n}`);
const TONES = [700, 1200];
let zhiyin;
let supervisor;
let agent;
let phones;

const waiting = async () => (await supervisor.get("/api/v1/live")).waiting.sort((a, b) => a.position - b.position);
const inLine = (n) => eventually(async () => ((await waiting()).length === n ? waiting() : false), 15_000, `${n} in line`);
const masked = (n) => `${NUMBERS[n].slice(0, 3)}****${NUMBERS[n].slice(-4)}`;

async function signIn() {
  const admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const api = await Api.signIn(zhiyin.http, zhiyin.ready.logins.find((l) => l.username === "li.na"));
  const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
  const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
  assert.equal((await phone.register()).status, 200);
  agent = { api, phone };
  phones = await Promise.all(NUMBERS.map((user) => Phone.open({ server: zhiyin.sip, user })));
  return admin;
}
const available = () => agent.api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" });

/** Answers the next call at the desk, which what `act` does brings, and hears whose tone it is. */
async function serve(callers, act) {
  const rings = agent.phone.incoming();
  await act();
  const leg = await (await rings).answer();
  callers.forEach((caller, n) => caller.media.say(TONES[n]));
  const loud = () => TONES.find((hz) => leg.media.share(hz, 300) > 0.8);
  await leg.media.hears(() => loud() !== undefined, 10_000, "a customer at the agent");
  const whose = loud();
  return { leg, whose };
}

before(async () => {
  zhiyin = await demo();
  const admin = await signIn();
  // Nobody but the one agent may take the calls.
  const row = (await admin.get("/api/v1/queues?limit=200")).items.find((q) => q.key === "service");
  const { id, version, ...body } = row;
  const members = [{ user: agent.api.user.id, level: 1 }];
  await admin.put(`/api/v1/queues/${id}`, { ...body, hours: null, wrap_up_ms: 0, members }, { "If-Match": `"${version}"` });
});
after(async () => {
  for (const phone of [agent?.phone, ...(phones ?? [])]) phone?.close();
  await zhiyin?.stop();
});

test("hung up and called again: before those who came meanwhile, until they have been served", async () => {
  const first = await phones[0].dial("4001");
  const [place] = await inLine(1);
  const other = await phones[1].dial("4001");
  await inLine(2);
  await first.hangUp();
  const [alone] = await inLine(1);
  assert.deepEqual([alone.remote, alone.position], [masked(1), 1]);
  const again = await phones[0].dial("4001");
  const [mine, theirs] = await eventually(async () => {
    const line = await waiting();
    return line.length === 2 && line[0].remote === masked(0) && line;
  }, 15_000, "the old place");
  assert.deepEqual([mine.since, mine.position, theirs.remote, theirs.position], [place.since, 1, masked(1), 2]);
  const story = await eventually(async () => {
    const { events } = await supervisor.get(`/api/v1/interactions/${mine.interaction}`);
    return events.find((e) => e.type === "place_resumed");
  });
  assert.ok(story.data.waited_ms > 0 && story.data.waited_ms < 60_000, JSON.stringify(story));

  const served = await serve([again, other], available);
  assert.equal(served.whose, TONES[0]);
  const second = await serve([again, other], () => served.leg.hangUp());
  assert.equal(second.whose, TONES[1]);
  await agent.api.put("/api/v1/me/agent", { status: "offline" });
  await second.leg.hangUp();

  // Both have been served: whoever calls now comes last.
  const third = await phones[1].dial("4001");
  await inLine(1);
  const fourth = await phones[0].dial("4001");
  assert.deepEqual((await inLine(2)).map((w) => w.remote), [masked(1), masked(0)]);
  await third.hangUp();
  await fourth.hangUp();
  await inLine(0);
});

test("greeted before the line, which takes in nobody else meanwhile: the old place all the same", async () => {
  const admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  const change = async (path, of, changes) => {
    const row = (await admin.get(`${path}?limit=200`)).items.find(of);
    const { id, version, ...body } = row;
    await admin.put(`${path}/${id}`, { ...body, ...changes }, { "If-Match": `"${version}"` });
    return body;
  };
  const greeted = { does: "queue", queue: "service", welcome: "goodbye" };
  await change("/api/v1/numbers", (n) => n.number === "4003", { plan: greeted });
  const first = await phones[4].dial("4003");
  const [place] = await inLine(1);
  const other = await phones[5].dial("4001");
  await inLine(2);
  await first.hangUp();
  await inLine(1);
  const before = await change("/api/v1/queues", (q) => q.key === "service", { queue_len_max: 1, overflow: { do: "hang_up" } });
  await phones[6].dial("4001");
  await eventually(async () => {
    const { items } = await supervisor.get("/api/v1/interactions?limit=5");
    return items.some((i) => i.remote === masked(6) && i.outcome === "overflowed");
  }, 15_000, "nobody else is taken in");
  const again = await phones[4].dial("4003");
  assert.deepEqual((await inLine(2)).map((w) => [w.remote, w.position]), [[masked(4), 1], [masked(5), 2]]);
  assert.equal((await waiting())[0].since, place.since);
  for (const leg of [again, other]) await leg.hangUp().catch(() => {});
  await inLine(0);
  await change("/api/v1/queues", (q) => q.key === "service", { queue_len_max: before.queue_len_max, overflow: before.overflow });
});

test("cut off by the death of the process: the places are those of before", async () => {
  await phones[2].dial("4001");
  await inLine(1);
  await phones[3].dial("4001");
  const line = await inLine(2);
  assert.deepEqual(line.map((w) => w.remote), [masked(2), masked(3)]);
  // In the store, which the writer reaches some milliseconds later.
  for (const { interaction } of line) await eventually(() => supervisor.get(`/api/v1/interactions/${interaction}`).catch(() => false));
  await zhiyin.kill9();
  for (const phone of [agent.phone, ...phones]) phone.close();
  zhiyin = await zhiyin.restart();
  await signIn();
  assert.deepEqual(await waiting(), [], "their calls ended with the process");
  const late = await phones[3].dial("4001");
  await inLine(1);
  const early = await phones[2].dial("4001");
  const now = await eventually(async () => {
    const both = await waiting();
    return both.length === 2 && both[0].remote === masked(2) && both;
  }, 15_000, "the old place");
  assert.deepEqual(now.map((w) => w.since), line.map((w) => w.since));
  const served = await serve([early, late], available);
  assert.equal(served.whose, TONES[0]);
  await served.leg.hangUp();
  await late.hangUp();
});
