// Goal: 4002 gives back what it hears; a digit reaches the menu exactly once however it is sent.
// Method: the test telephone over loopback; tones measured by Goertzel, digits read from the interaction's events.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { DTMF } from "../lib/tone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let api;
before(async () => {
  zhiyin = await demo();
  api = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
});
after(() => zhiyin?.stop());

test("4002 echoes a 700 Hz tone", async () => {
  const phone = await Phone.open({ server: zhiyin.sip, user: "echo" });
  const leg = await phone.dial("4002");
  leg.media.say(700);
  await leg.media.hears((m) => m.share(700, 300) > 0.8, 5000, "the echo of 700 Hz");
  assert.equal(leg.media.lost, 0);
  assert.equal(await leg.hangUp(), 200);
  phone.close();
});

async function pressed(user, press, { offerEvents = true } = {}) {
  const phone = await Phone.open({ server: zhiyin.sip, user, offerEvents });
  const leg = await phone.dial("4000");
  const own = async () => (await api.get("/api/v1/interactions?limit=20")).items.find((i) => i.remote.endsWith(user.slice(-4)) && i.local === "4000");
  const begun = await eventually(own, 5000, "the interaction");
  const inMenu = async () => (await api.get(`/api/v1/interactions/${begun.id}`)).segments.some((s) => s.kind === "entry" && s.result === "menu");
  await eventually(inMenu, 40_000, "the menu");
  await press(leg);
  // The menu's first option leads to a queue: the interaction waits there.
  const waiting = await eventually(async () => (await own()).queued_at && own(), 15_000, "the call in the queue");
  await leg.hangUp();
  phone.close();
  const whole = await eventually(async () => {
    const i = await api.get(`/api/v1/interactions/${waiting.id}`);
    return i.state === "ended" && i;
  });
  return whole.events.filter((e) => e.type === "digit").map((e) => e.data.digit);
}

// Side by side: each waits for the same welcome to be over.
describe("a digit", { concurrency: true }, () => {
  test("an RFC 4733 digit reaches the menu once", async () => {
    assert.deepEqual(await pressed("13900000001", (leg) => leg.media.rfc4733("1")), ["1"]);
  });

  test("an INFO digit (application/dtmf-relay) reaches the menu once", async () => {
    const press = async (leg) => assert.equal((await leg.info("application/dtmf-relay", "Signal=1\r\nDuration=160\r\n")).status, 200);
    assert.deepEqual(await pressed("13900000002", press), ["1"]);
  });

  test("an in-band digit reaches the menu once", async () => {
    assert.deepEqual(await pressed("13900000003", (leg) => leg.media.inband(DTMF[1]), { offerEvents: false }), ["1"]);
  });
});
