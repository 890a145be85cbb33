// Goal: kill -9 during a call loses at most two seconds of its recording and leaves nothing hanging.
// Method: a desk phone agent and a caller talk, the process is killed and started again on the same folder.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { readWav, share } from "../lib/tone.mjs";
import { Api, demo, eventually, runOnce } from "../lib/zhiyin.mjs";

let zhiyin;
after(() => zhiyin?.stop());

test("after kill -9 the call is lost, the agent free, the recording playable, the audit chain whole", async () => {
  zhiyin = await demo();
  const agentLogin = zhiyin.login("agent");
  const agentApi = await Api.signIn(zhiyin.http, agentLogin);
  const { password } = zhiyin.ready.phones.find((p) => p.extension === agentApi.user.extension);
  const desk = await Phone.open({ server: zhiyin.sip, user: agentApi.user.extension, password });
  assert.equal((await desk.register()).status, 200);
  await agentApi.put("/api/v1/me/agent", { status: "available", device: "desk_phone" });

  const caller = await Phone.open({ server: zhiyin.sip, user: "13812345678" });
  const incoming = desk.incoming();
  const leg = await caller.dial("4001");
  leg.media.say(700);
  const call = await incoming;
  call.ring();
  const deskLeg = await call.answer();
  deskLeg.media.say(1000);
  await leg.media.hears((m) => m.share(1000) > 0.8, 10_000, "the agent's tone");
  const bridgedAt = performance.now();
  await leg.media.hears(() => performance.now() - bridgedAt > 6000, 10_000, "six seconds of talk");
  const talkedMs = performance.now() - bridgedAt;
  await zhiyin.kill9();
  caller.close();
  desk.close();

  zhiyin = await zhiyin.restart();
  const supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const lost = await eventually(async () => (await supervisor.get("/api/v1/interactions?state=lost")).items[0], 5000, "the lost interaction");
  assert.equal(lost.outcome, "lost");
  assert.ok(lost.ended_at);
  const live = await supervisor.get("/api/v1/live");
  assert.deepEqual(live.calls, []);
  assert.ok(live.agents.every((a) => !["on_call", "ringing", "wrap_up"].includes(a.status)));

  const inspector = await Api.signIn(zhiyin.http, zhiyin.login("inspector"));
  const response = await inspector.request("GET", `/api/v1/interactions/${lost.id}/recording`);
  assert.equal(response.status, 200);
  const recording = readWav(Buffer.from(await response.arrayBuffer()));
  const seconds = recording.channels[0].length / recording.rate;
  assert.ok(seconds * 1000 > talkedMs - 2000, `the recording has ${seconds} s of ${talkedMs / 1000} s`);
  const middle = (c) => c.subarray(Math.round(recording.rate * (seconds - 2)), Math.round(recording.rate * (seconds - 1)));
  assert.ok(share(middle(recording.channels[0]), 700, recording.rate) > 0.8, "left is the customer");
  assert.ok(share(middle(recording.channels[1]), 1000, recording.rate) > 0.8, "right is the agent");

  await zhiyin.stop({ keep: true });
  const verdict = await runOnce(["audit", "verify"], zhiyin.folder);
  assert.equal(verdict.code, 0, verdict.err);
});
