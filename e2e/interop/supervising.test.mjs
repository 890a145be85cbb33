// Goal: a supervisor in somebody else's call hears both, and is heard by nobody (listen), the agent (whisper) or both (barge).
// Method: three telephones of ours, each with a tone of its own; who hears which tone is measured at every end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const [AGENT_HZ, CALLER_HZ, SUPERVISOR_HZ] = [400, 700, 1500];
let zhiyin;
let supervisor;
let agent;
before(async () => {
  zhiyin = await demo();
  const person = async (login) => {
    const api = await Api.signIn(zhiyin.http, login);
    const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
    const phone = await Phone.open({ server: zhiyin.sip, user: api.user.extension, password });
    assert.equal((await phone.register()).status, 200);
    return { api, phone };
  };
  supervisor = await person(zhiyin.login("supervisor"));
  agent = await person(zhiyin.ready.logins.find((l) => l.username === "li.na"));
});
after(async () => {
  for (const one of [supervisor, agent]) one?.phone.close();
  await zhiyin?.stop();
});

const loud = (m, hz) => m.share(hz, 300) > 0.2;
const quiet = (m, hz) => m.share(hz, 300) < 0.02;

test("listen, whisper, barge in, leave", async () => {
  await eventually(() => agent.api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" }).then(() => true, () => false));
  const incoming = agent.phone.incoming();
  const caller = await Phone.open({ server: zhiyin.sip, user: "13500000009" });
  const customer = await caller.dial("4001");
  customer.media.say(CALLER_HZ);
  const talk = await (await incoming).answer();
  talk.media.say(AGENT_HZ);
  await customer.media.hears((m) => m.share(AGENT_HZ, 300) > 0.8, 10_000, "the agent at the customer");
  const { call } = (await supervisor.api.get("/api/v1/live")).calls[0];
  const path = `/api/v1/calls/${call}/monitor`;

  // Another team's agent, and an agent, may not.
  for (const who of [agent]) await assert.rejects(who.api.post(path, { mode: "listen", media: "desk_phone" }), /403/);

  const ringing = supervisor.phone.incoming();
  await supervisor.api.post(path, { mode: "listen", media: "desk_phone" });
  const ear = await (await ringing).answer();
  ear.media.say(SUPERVISOR_HZ);
  await ear.media.hears((m) => loud(m, AGENT_HZ) && loud(m, CALLER_HZ), 10_000, "both sides at the supervisor");
  const heard = async (atAgent, atCustomer, what) => {
    const is = (m, wanted) => (wanted ? loud(m, SUPERVISOR_HZ) : quiet(m, SUPERVISOR_HZ));
    await talk.media.hears((m) => is(m, atAgent) && loud(m, CALLER_HZ), 10_000, `${what}: the agent`);
    await customer.media.hears((m) => is(m, atCustomer) && loud(m, AGENT_HZ), 10_000, `${what}: the customer`);
  };
  await heard(false, false, "listening");
  await supervisor.api.put(path, { mode: "whisper" });
  await heard(true, false, "whispering");
  await supervisor.api.put(path, { mode: "barge" });
  await heard(true, true, "barging in");
  await supervisor.api.put(path, { mode: "listen" });
  await heard(false, false, "listening again");
  assert.equal((await supervisor.api.request("DELETE", path)).status, 204);
  assert.equal(await ear.over, "far");
  await heard(false, false, "after the supervisor left");
  await customer.hangUp();
  caller.close();

  const admin = await Api.signIn(zhiyin.http, zhiyin.login("auditor"));
  const audited = (await admin.get("/api/v1/audit?action=call.monitor")).items;
  assert.equal(audited.length, 4);
  const detail = await eventually(async () => {
    const d = await supervisor.api.get(`/api/v1/interactions/${call}`).catch(() => ({}));
    return d.state === "ended" && d;
  });
  assert.deepEqual(detail.events.filter((e) => e.type === "supervised").map((e) => e.data.mode), ["listen", "whisper", "barge", "listen", null]);
});
