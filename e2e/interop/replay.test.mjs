// Goal: the live router decides exactly what the pure one does: the journal of a running centre, played again, makes the same
// offers to the same agents at the same microseconds, with the same winners.
// Method: ten agents with our own SIP telephones driven by the API, three queues with skills, priorities, preferred agents and
// overflow, fifty SIPp callers; then the API's `routes` and events against `zhiyin simulate JOURNAL --json`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually, runOnce, within } from "../lib/zhiyin.mjs";

const AGENTS = 10;
const CALLERS = 50;
const HOLD_MS = 8_000;
const scenario = join(dirname(fileURLToPath(import.meta.url)), "../load/scenarios/uac_call.xml");
/** Customers of the demo who have talked with somebody before, and so have an agent they should have. */
const KNOWN = ["13812348000", "13900136621", "13712340155", "13612347790", "13512343308", "15012349912", "15112345517"];

let zhiyin;
let admin;
let supervisor;
let folder;
let journal;
let queues;
let people;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "zhiyin-replay-"));
  journal = join(folder, "journal.jsonl");
  zhiyin = await demo({ env: { ZHIYIN__ROUTING__JOURNAL: journal } });
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  people = [];
  for (let n = 0; n < AGENTS; n++) people.push(await hire(n));
  queues = await setUp();
});
after(async () => {
  for (const { phone, stream } of people ?? []) {
    stream?.close();
    phone?.close();
  }
  await zhiyin?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** An agent with a telephone; even ones speak English, every third knows bills. */
async function hire(n) {
  const [username, password] = [`replay.${n}`, `replay-agent-${n}-secret`];
  const skills = { ...(n % 2 === 0 ? { english: 2 + (n % 8) } : {}), ...(n % 3 === 0 ? { billing: 6 } : {}) };
  const body = { username, display_name: `Agent ${n}`, roles: ["agent"], team: null, extension: String(2100 + n), locale: "en", skills, password };
  const { id } = await admin.post("/api/v1/users", body);
  const secret = await admin.post(`/api/v1/users/${id}/phone-password`);
  const api = await Api.signIn(zhiyin.http, { username, password });
  const phone = await Phone.open({ server: zhiyin.sip, user: body.extension, password: secret.password });
  // The registrar learns a new telephone with the next set-up.
  await eventually(async () => (await phone.register()).status === 200, 10_000, `${username}'s registration`);
  return { n, id, api, phone, skills };
}

/** Three queues and their numbers: replaces nothing of the demo's. */
async function setUp() {
  const base = { ...(await admin.get("/api/v1/queues")).items.find((q) => q.key === "service") };
  for (const field of ["id", "version"]) delete base[field];
  const members = (choose) => people.filter(choose).map(({ id, n }) => ({ user: id, level: 1 + (n % 3), weight: 1 }));
  const common = { ...base, ring_timeout_ms: 4_000, wrap_up_ms: 1_500, wait_max_ms: 60_000, queue_len_max: 30, announce_every_ms: 0, record: false };
  const rules = [
    { key: "replay_calls", strategy: "longest_idle", members: members(({ n }) => n < 6), overflow: { do: "queue", queue: "replay_spare" }, wait_max_ms: 5_000, routing: { priority_ms: 2_000, preferred_wait_ms: 1_500, level_max: 2, relax: [{ after_ms: 2_000, level_max: 9 }] } },
    { key: "replay_english", strategy: "best_skill", members: members(({ skills }) => skills.english), overflow: { do: "hang_up", prompt: null }, routing: { needs: "english >= 5", relax: [{ after_ms: 2_500, needs: "english" }], weight: 150 } },
    { key: "replay_spare", strategy: "round_robin", members: members(({ n }) => n >= 5), overflow: { do: "hang_up", prompt: null }, routing: { borrow: [{ from: "replay_english", after_ms: 1_000, service_level_min: 0 }] } },
  ];
  const made = [];
  // The one that others overflow into comes first.
  for (const [n, rule] of rules.reverse().entries()) {
    const name = { zh: rule.key, en: rule.key };
    const queue = await admin.post("/api/v1/queues", { ...common, ...rule, name });
    const plan = { does: "queue", queue: rule.key, welcome: null, recording_notice: null, priority: n };
    await admin.post("/api/v1/numbers", { number: String(4100 + n), name, language: "en", plan, enabled: true });
    made.push(queue);
  }
  return made;
}

/** Works until told to stop: takes what is offered by the API, answers on the telephone, ends its wrap-up; one is slow, one refuses. */
async function work(person) {
  const { n, api, phone } = person;
  person.stream = api.stream(["me"]);
  await person.stream.next((m) => m.topic === "me");
  await eventually(async () => (await api.get("/api/v1/me/agent")).phone_registered, 10_000, "the telephone's registration");
  let refusals = n === 8 ? 2 : 0;
  let silences = n === 9 ? 1 : 0;
  phone.onInvite = async (call) => {
    call.ring();
    try {
      if (silences-- > 0) return;
      const offer = await eventually(() => person.stream.messages.findLast((m, at, all) => m.type === "offer" && !all.some((e) => e.type === "offer_ended" && e.data.offer === m.data.offer)), 3_000, "the offer on the stream");
      if (refusals-- > 0) return void (await api.post(`/api/v1/me/offers/${offer.data.offer}/decline`));
      if (n % 2 === 0) await api.post(`/api/v1/me/offers/${offer.data.offer}/accept`, { media: "desk_phone" });
      const leg = await call.answer();
      await leg.over;
      if (n % 4 === 0) await api.post(`/api/v1/interactions/${offer.data.interaction}/wrap-up`, { code: null, note: null }).catch(() => {});
    } catch {
      // The caller was faster: the offer is gone, and so is the ringing.
    }
  };
  await api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" });
  // Whoever did not answer is set away and comes back by hand.
  person.back = setInterval(() => api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" }).catch(() => {}), 3_000);
}

/** Fifty callers in about twenty seconds, over the three numbers, some of them known. */
function callers() {
  const text = readFileSync(scenario, "utf8").replaceAll("sip:load@", "sip:[field0]@").replaceAll("[service]", "[field1]");
  writeFileSync(join(folder, "caller.xml"), text);
  const number = (n) => (n % 4 === 0 ? KNOWN[(n / 4) % KNOWN.length] : `1350000${String(n).padStart(4, "0")}`);
  const lines = Array.from({ length: CALLERS }, (_, n) => `${number(n)};${4100 + (n % 3)};`);
  writeFileSync(join(folder, "callers.csv"), `SEQUENTIAL\n${lines.join("\n")}\n`);
  const args = [zhiyin.sip, "-sf", "caller.xml", "-inf", "callers.csv", "-nostdin", "-i", "127.0.0.2", "-m", String(CALLERS), "-l", String(CALLERS), "-r", "5", "-rp", "2000", "-d", String(HOLD_MS)];
  const child = spawn("sipp", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
}

/** Every interaction that came through our queues, in full. */
async function history(from) {
  const details = [];
  let cursor;
  do {
    const page = await supervisor.get(`/api/v1/interactions?from=${from}&limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    for (const { id } of page.items) details.push(await supervisor.get(`/api/v1/interactions/${id}`));
    cursor = page.next_cursor;
  } while (cursor);
  return details.filter((d) => d.routes.some((r) => queues.some((q) => q.id === r.queue)));
}

test("the journal, played again, decides as the live router did", async () => {
  const from = Date.now() * 1000 - 1_000_000;
  await Promise.all(people.map(work));
  // A caller who is sent away hears BYE from us, which SIPp counts as unexpected: its exit code says nothing here.
  await within(callers(), 120_000, "the end of the callers");
  for (const { back } of people) clearInterval(back);
  await eventually(async () => (await supervisor.get("/api/v1/live")).calls.length === 0, 20_000, "no call left");
  const live = await eventually(async () => {
    const rows = await history(from);
    return rows.length > 0 && rows.every((r) => r.state === "ended") && rows;
  }, 15_000, "the history");

  const result = await runOnce(["simulate", journal, "--json"], zhiyin.folder);
  assert.equal(result.code, 0, result.err);
  const replayed = JSON.parse(result.out);
  assert.deepEqual([replayed.routers, replayed.missing], [1, 0]);

  // Offers in order of time: when, for whom, out of which queue, to whom.
  const ours = new Set(live.map((d) => d.id));
  const key = (o) => `${o.at} ${o.interaction} ${o.queue} ${o.agent}`;
  const routes = live.flatMap((d) => d.routes.map((r) => key({ ...r, interaction: d.id }))).sort();
  const offers = replayed.offers.filter((o) => ours.has(o.interaction) && o.queue).map((o) => key({ ...o, at: o.at_us })).sort();
  assert.deepEqual(routes, offers);
  // How each of them ended: answered by whom, refused, unanswered, left.
  const ends = live.flatMap((d) => d.events.filter((e) => e.type === "offer_ended").map((e) => `${e.data.offer} ${e.agent} ${e.data.result} ${e.at}`)).sort();
  const ended = replayed.offers.filter((o) => ours.has(o.interaction)).map((o) => `${o.offer} ${o.agent} ${o.result} ${o.ended_at_us}`).sort();
  assert.deepEqual(ends, ended);

  // It was no idle comparison.
  const results = replayed.offers.map((o) => o.result);
  assert.ok(live.length >= CALLERS * 0.8, `${live.length} callers were offered`);
  assert.ok(results.filter((r) => r === "answered").length >= CALLERS / 3, JSON.stringify(results));
  for (const wanted of ["declined", "no_answer"]) assert.ok(results.includes(wanted), `${wanted}: ${JSON.stringify(results)}`);
  const all = live.flatMap((d) => d.routes);
  assert.ok(all.some((r) => r.step > 0), "somebody was relaxed");
  assert.ok(all.some((r) => r.preferred), "somebody had an agent they should have");
  assert.ok(new Set(all.map((r) => r.agent)).size >= 8, "most agents were offered something");

  // And nothing of a customer is in it.
  const text = readFileSync(journal, "utf8");
  for (const number of KNOWN) assert.ok(!text.includes(number), "a customer's number is in the journal");
});
