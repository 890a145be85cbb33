// Goal: nonsense on the SIP ports costs nothing but a little CPU: no panic, bounded memory, a running call unharmed.
// Method: 60 s of mutated torture messages and half-open TCP connections from a worker thread while a call to the echo runs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { Phone } from "../lib/phone.mjs";
import { demo, eventually, metrics, within } from "../lib/zhiyin.mjs";

const SECONDS = 60;
let zhiyin;
before(async () => {
  zhiyin = await demo();
});
after(() => zhiyin?.stop());

test("60 s of mutated datagrams and half-open connections", async () => {
  const phone = await Phone.open({ server: zhiyin.sip, user: "steady" });
  const leg = await phone.dial("4002");
  leg.media.say(700);
  await leg.media.hears((m) => m.share(700, 300) > 0.8, 5000, "the echo");
  const rss = zhiyin.rssKb();
  const [host, port] = zhiyin.sip.split(":");
  const flood = new Worker(new URL("../lib/flood.mjs", import.meta.url), { workerData: { host, port: Number(port), seconds: SECONDS, perSecond: 2000, seed: 7 } });
  const report = await within(new Promise((resolve, reject) => flood.once("message", resolve).once("error", reject)), (SECONDS + 30) * 1000, "the end of the flood");
  assert.ok(report.sent >= SECONDS * 1900, JSON.stringify(report));
  assert.ok(leg.media.share(700, 300) > 0.8, "the echo still sounds");
  assert.equal(leg.media.lost, 0, "packets of the running call were lost");
  assert.equal(await leg.hangUp(), 200);
  phone.close();
  assert.ok(zhiyin.rssKb() < rss + 100_000, `memory went from ${rss} to ${zhiyin.rssKb()} kB`);
  assert.doesNotMatch(zhiyin.log(), /panicked/);
  // A mutation may be a good INVITE: its call, never acknowledged, ends after 64 T1 (RFC 3261 §13.3.1.4).
  await eventually(async () => (await metrics(zhiyin.http)).zhiyin_calls === 0, 60_000, "no call left");
});
