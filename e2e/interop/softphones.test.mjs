// Goal: telephones and a proxy that we did not write work with us: register, call, be called, hold, transfer; kamailio in front.
// Method: baresip and linphone from Debian as desk phones, driven from outside; what they hear and say is measured at the far side.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Phone } from "../lib/phone.mjs";
import { baresip, kamailio, linphone } from "../lib/softphones.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let people;
before(async () => {
  zhiyin = await demo();
  people = [];
  for (const login of zhiyin.ready.logins.filter((l) => l.role === "agent").slice(0, 2)) {
    const api = await Api.signIn(zhiyin.http, login);
    const { password } = zhiyin.ready.phones.find((p) => p.extension === api.user.extension);
    people.push({ api, extension: api.user.extension, password });
  }
});
after(() => zhiyin?.stop());

async function available({ api }) {
  await eventually(async () => (await api.get("/api/v1/me/agent")).phone_registered, 10_000, "the desk phone's registration");
  await api.put("/api/v1/me/agent", { status: "available", device: "desk_phone" });
}
const rest = ({ api }) => api.put("/api/v1/me/agent", { status: "offline" });

for (const transport of ["udp", "tcp"])
  test(`baresip over ${transport}: registers, is called, holds`, async () => {
    const [first] = people;
    const phone = await baresip({ server: zhiyin.sip, user: first.extension, password: first.password, hz: 1000, transport });
    try {
      await eventually(() => /200 OK/.test(phone.log()), 10_000, "baresip's registration");
      await available(first);
      const caller = await Phone.open({ server: zhiyin.sip, user: "13600000001" });
      const leg = await caller.dial("4001");
      leg.media.say(700);
      await phone.event((e) => e.type === "CALL_INCOMING", 15_000, "the call at baresip");
      phone.command("accept");
      await leg.media.hears((m) => m.share(1000, 300) > 0.8, 10_000, "baresip's tone at the caller");
      phone.command("hold");
      await leg.media.hears((m) => m.share(1000, 300) < 0.3, 10_000, "music while held");
      phone.command("resume");
      await leg.media.hears((m) => m.share(1000, 300) > 0.8, 10_000, "baresip again");
      await leg.hangUp();
      caller.close();
      await rest(first);
    } finally {
      await phone.stop();
    }
  });

test("baresip calls the echo and hears itself", async () => {
  const [first] = people;
  const phone = await baresip({ server: zhiyin.sip, user: first.extension, password: first.password });
  try {
    await eventually(() => /200 OK/.test(phone.log()), 10_000, "baresip's registration");
    phone.command("dial", `sip:4002@${zhiyin.sip}`);
    await phone.event((e) => e.type === "CALL_ESTABLISHED", 10_000, "the echo's answer");
    phone.command("hangup");
    await phone.event((e) => e.type === "CALL_CLOSED", 10_000, "the end");
  } finally {
    await phone.stop();
  }
});

test("linphone: registers, calls the echo, is called", async () => {
  const [first] = people;
  const phone = await linphone({ server: zhiyin.sip, user: first.extension, password: first.password });
  try {
    await available(first);
    const mark = phone.mark();
    phone.type(`call sip:4002@${zhiyin.sip}`);
    await phone.sees(/Media streams established/, 15_000, mark);
    phone.type("terminate");
    await phone.sees(/ended|terminated/i, 10_000, mark);
    const caller = await Phone.open({ server: zhiyin.sip, user: "13600000002" });
    const ring = phone.mark();
    const leg = await caller.dial("4001");
    leg.media.say(700);
    await phone.sees(/Receiving new incoming call/, 15_000, ring);
    phone.type("answer");
    await phone.sees(/Media streams established/, 15_000, ring);
    const held = phone.mark();
    phone.type("pause");
    await phone.sees(/paused/i, 10_000, held);
    phone.type("resume");
    await phone.sees(/resum/i, 10_000, held);
    phone.type("terminate");
    assert.equal(await leg.over, "far");
    caller.close();
    await rest(first);
  } finally {
    await phone.stop();
  }
});

/** A customer's call that `first` has on their telephone, and a colleague's baresip that is ready for the next. */
async function served(first, second, answer) {
  const colleague = await baresip({ server: zhiyin.sip, user: second.extension, password: second.password, hz: 1300 });
  await available(first);
  const caller = await Phone.open({ server: zhiyin.sip, user: "13600000004" });
  const leg = await caller.dial("4001");
  leg.media.say(700);
  await answer();
  await available(second);
  return {
    colleague,
    leg,
    async end() {
      await leg.hangUp();
      caller.close();
      await colleague.stop();
      await rest(second);
    },
  };
}
const hearsColleague = (leg) => leg.media.hears((m) => m.share(1300, 300) > 0.8, 10_000, "the colleague's tone at the caller");

test("baresip transfers to a colleague (REFER)", async () => {
  const [first, second] = people;
  const phone = await baresip({ server: zhiyin.sip, user: first.extension, password: first.password, hz: 1000 });
  try {
    const call = await served(first, second, async () => {
      await phone.event((e) => e.type === "CALL_INCOMING", 15_000, "the call at baresip");
      phone.command("accept");
      await phone.event((e) => e.type === "CALL_ESTABLISHED", 10_000, "the answer");
    });
    phone.command("transfer", `sip:${second.extension}@${zhiyin.sip}`);
    await call.colleague.event((e) => e.type === "CALL_INCOMING", 15_000, "the transferred call");
    await phone.event((e) => e.type === "CALL_CLOSED", 10_000, "the end of the first agent's part");
    call.colleague.command("accept");
    await hearsColleague(call.leg);
    await call.end();
  } finally {
    await phone.stop();
  }
  await rest(first);
});

test("linphone transfers to a colleague, blind and after asking", async () => {
  const [first, second] = people;
  const phone = await linphone({ server: zhiyin.sip, user: first.extension, password: first.password });
  const answer = async () => {
    const ring = phone.mark();
    await phone.sees(/Receiving new incoming call/, 15_000, ring - 1);
    phone.type("answer");
    await phone.sees(/Media streams established/, 15_000, ring);
  };
  try {
    const blind = await served(first, second, answer);
    const mark = phone.mark();
    phone.type(`transfer sip:${second.extension}@${zhiyin.sip}`);
    await blind.colleague.event((e) => e.type === "CALL_INCOMING", 15_000, "the transferred call");
    blind.colleague.command("accept");
    await hearsColleague(blind.leg);
    await phone.sees(/ended|terminated/i, 10_000, mark);
    await blind.end();

    const asked = await served(first, second, answer);
    const hold = phone.mark();
    phone.type("pause");
    await phone.sees(/paused/i, 10_000, hold);
    const consult = phone.mark();
    phone.type(`call sip:${second.extension}@${zhiyin.sip}`);
    await asked.colleague.event((e) => e.type === "CALL_INCOMING", 15_000, "the question");
    asked.colleague.command("accept");
    await phone.sees(/Media streams established/, 15_000, consult);
    const ids = [...phone.log().matchAll(/Call (\d+) /g)].map((m) => Number(m[1]));
    const last = Math.max(...ids);
    phone.type(`transfer ${last - 1} --to-call ${last}`);
    await hearsColleague(asked.leg);
    await asked.end();
  } finally {
    await phone.stop();
  }
  await rest(first);
});

test("kamailio in front: calls through a record-routing proxy, re-INVITE and BYE follow the route", async () => {
  const proxy = await kamailio({ target: zhiyin.sip });
  try {
    const caller = await Phone.open({ server: proxy.sip, user: "13600000003" });
    await eventually(() => /Listening/.test(proxy.log()), 10_000, "kamailio");
    const leg = await caller.dial("4002");
    leg.media.say(700);
    await leg.media.hears((m) => m.share(700, 300) > 0.8, 10_000, "the echo through kamailio");
    assert.equal(await leg.hangUp(), 200);
    caller.close();
  } finally {
    await proxy.stop();
  }
});
