// Goal: who asks why a call is not taken, or why an agent was asked, reads it in words: from the queue, and on the interaction's page.
// Method: our own SIP telephone waits, one agent declines; the pages of an administrator and of a supervisor in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let chromium;
let agent;
let supervisor;
let waits;
before(async () => {
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  agent = await Api.signIn(zhiyin.http, zhiyin.login("agent"));
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const stream = agent.stream(["me"]);
  await stream.next((m) => m.topic === "me" && m.type === "reset");
  await agent.put("/api/v1/me/agent", { status: "available" });
  const phone = await Phone.open({ server: zhiyin.sip, user: "13500000007" });
  waits = await phone.dial("4001");
  const offer = await stream.next((m) => m.type === "offer");
  await agent.post(`/api/v1/me/offers/${offer.data.offer}/decline`);
  await agent.put("/api/v1/me/agent", { status: "break", reason: "rest" });
  await eventually(async () => (await supervisor.get("/api/v1/live")).waiting.length === 1, 5000, "the call to wait on");
  stream.close();
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

/** A page in English, whatever the person usually reads. */
async function open(role, path) {
  const login = zhiyin.login(role);
  await (await Api.signIn(zhiyin.http, login)).json("PATCH", "/api/v1/me", { locale: "en" });
  const page = await desk(chromium, zhiyin.http, login, { locale: "en" });
  await page.goto(`${zhiyin.http}/${path}`);
  return page;
}

test("the interaction's page says why this agent, and what came of it", async () => {
  const [{ interaction }] = (await supervisor.get("/api/v1/live")).waiting;
  const page = await open("supervisor", `interactions/${interaction}`);
  const route = page.getByTestId("route");
  await route.getByText("Longest idle of 1 who could").waitFor();
  const words = await route.innerText();
  assert.match(words, new RegExp(agent.user.display_name));
  assert.match(words, /declined/);
  assert.match(words, /Offline/, "who was left out, by the rule that did it");
  // Words, not fields: a state that an agent changed to is no number to mask.
  assert.match(await page.locator(".events").innerText(), /Available \d\d:\d\d → Ringing/);
  assert.doesNotMatch(await page.locator(".events").innerText(), /\*\*\*\*ng|_ms/);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a queue's row counts who waits and leads to why; its drawer does so when nobody waits", async () => {
  const page = await open("admin", "queues");
  const row = page.getByTestId("row").filter({ has: page.getByText("service", { exact: true }) });
  await row.getByTestId("waiting-now").click();
  await page.getByTestId("why").first().waitFor();
  assert.equal(await page.getByTestId("line-row").count(), 1);
  assert.ok((await page.getByTestId("why").allInnerTexts()).includes("On a break"), "the agent who declined, and why not now");
  assert.deepEqual(await axe(page), []);

  await waits.hangUp();
  await page.getByText("Nobody waits here").waitFor();
  await page.goto(`${zhiyin.http}/queues`);
  await row.click();
  await page.getByTestId("why-nobody").click();
  await page.getByText("Nobody waits here").waitFor();
  await page.getByRole("cell", { name: agent.user.display_name }).waitFor();
  assert.deepEqual(await axe(page), []);
  // Between its last look and the next one the page may have asked for a call that is gone.
  assert.deepEqual(page.errors.filter((e) => !/404 GET .*diagnosis/.test(e)), []);
  await page.context().close();
});
