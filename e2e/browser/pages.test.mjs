// Goal: every page, in both languages and both sizes, with the demo's data: no error, nothing inaccessible, no page scrolls sideways.
// Method: sign in by role, open each page, run axe, keep a screenshot under shots/ for people to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));
/** The pages of a role; a function finds the address of one that needs something to look at. */
const PAGES = {
  agent: ["desk", "interactions", "callbacks", "profile"],
  supervisor: ["team", "interactions", explained, "calendars", "boards", "alerts", "callbacks", "planning", "metrics-help", waiting, nobodyWaits],
  admin: [
    "people", "queues", "routing?kind=routingRules", "routing?kind=capacityProfiles", "routing?kind=teams", "numbers", "calendars", "trunks", "prompts",
    "codes?kind=wrapUpCodes", "codes?kind=breakReasons", "alert-rules", "webhooks",
  ],
  security_admin: ["api-keys"],
  auditor: ["audit"],
};
/** Whose drawer is opened too, with every part of its form unfolded. */
const DRAWERS = {
  people: "chen.hao", queues: "tech", "routing?kind=routingRules": "vip", "routing?kind=capacityProfiles": "messaging", "routing?kind=teams": "服务一组",
  numbers: "4000", calendars: "office", trunks: "demo-out", prompts: "emergency", "codes?kind=breakReasons": "rest", "alert-rules": "nobody_available_warn",
  webhooks: "ops",
};
const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];
let zhiyin;
let chromium;
let supervisor;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  await history();
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

/** One served call, one that an agent declined and that waits, and a webhook: lists and pages have something real to show. */
async function history() {
  const admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  await admin.post("/api/v1/webhooks", { key: "ops", name: { zh: "运维值班群", en: "Operations on call" }, url: "https://hooks.example.com/services/alerts", enabled: false });
  supervisor = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const phone = await Phone.open({ server: zhiyin.sip, user: "13800001111" });
  const leg = await phone.dial("4002");
  leg.media.say(440);
  await leg.media.hears((m) => m.share(440, 300) > 0.8, 5000, "the echo");
  await leg.hangUp();
  const agent = await Api.signIn(zhiyin.http, zhiyin.login("agent"));
  const stream = agent.stream(["me"]);
  await stream.next((m) => m.topic === "me" && m.type === "reset");
  await agent.put("/api/v1/me/agent", { status: "available" });
  await phone.dial("4001");
  const offer = await stream.next((m) => m.type === "offer");
  await agent.post(`/api/v1/me/offers/${offer.data.offer}/decline`);
  await agent.put("/api/v1/me/agent", { status: "break", reason: "rest" });
  stream.close();
}

/** Somebody who waits, whose way so far is known. */
async function first() {
  return eventually(async () => (await supervisor.get("/api/v1/live")).waiting[0], 10_000, "somebody who waits");
}
async function waiting() {
  const { queue, interaction } = await first();
  return `queues/${queue}/waiting/${interaction}`;
}
async function nobodyWaits() {
  const { queues } = await supervisor.get("/api/v1/directory");
  return `queues/${queues.find((q) => q.key === "tech").id}/waiting`;
}
/** An interaction that was offered to somebody: with its reasons. */
async function explained() {
  const { interaction } = await first();
  await eventually(async () => (await supervisor.get(`/api/v1/interactions/${interaction}`)).routes.length > 0, 10_000, "a route");
  return `interactions/${interaction}`;
}

/** What is wrong with the page as it stands. */
async function problemsOf(page, name, locale) {
  const problems = (await axe(page)).map((line) => `${name}: ${line}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) problems.push(`${name}: scrolls sideways by ${overflow} px`);
  if (name === "desk") {
    const down = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    if (down > 0) problems.push(`desk: the page itself scrolls by ${down} px`);
  }
  const language = await page.evaluate(() => document.documentElement.lang);
  if (language !== locale) problems.push(`${name}: in ${language}`);
  return problems;
}

/** Opens the drawer of a row with all that is folded in it. */
async function openDrawer(page, key) {
  await page.getByTestId("row").filter({ has: page.getByText(key, { exact: true }) }).click();
  await page.locator(".ant-drawer form").waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {});
  for (const folded of await page.locator(".ant-drawer details").all()) await folded.evaluate((e) => (e.open = true));
}

/** Walks through the pages at one size; `[what is wrong]`. */
async function walk(login, pages, locale, size) {
  const theme = size.width === 1366 ? "light" : "dark";
  const page = await desk(chromium, zhiyin.http, login, { locale, size, theme });
  const problems = [];
  for (const at of pages) {
    const address = typeof at === "function" ? await at() : at;
    const name = typeof at === "function" ? at.name : at.replace(/\?kind=/, "-");
    const shot = (what) => page.screenshot({ path: `${SHOTS}${what}-${login.role}-${locale}-${size.width}.png` });
    await page.goto(`${zhiyin.http}/${address}`);
    await page.getByRole("main").waitFor();
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {});
    await eventually(() => page.evaluate(() => !document.querySelector('[aria-busy="true"], .ant-skeleton')), 5000, `${name} to load`);
    await shot(name);
    problems.push(...(await problemsOf(page, name, locale)));
    if (!DRAWERS[at]) continue;
    await openDrawer(page, DRAWERS[at]);
    await shot(`${name}-drawer`);
    problems.push(...(await problemsOf(page, `${name} drawer`, locale)));
  }
  problems.push(...page.errors);
  await page.context().close();
  return problems.map((problem) => `${size.width}: ${problem}`);
}

for (const [role, pages] of Object.entries(PAGES))
  for (const locale of ["zh-CN", "en"])
    test(`${role} ${locale}`, async () => {
      const login = zhiyin.login(role);
      assert.ok(login, `the demo has no ${role}`);
      const api = await Api.signIn(zhiyin.http, login);
      await api.json("PATCH", "/api/v1/me", { locale });
      // Side by side: while one page is drawn, the other is judged.
      const problems = await Promise.all(SIZES.map((size) => walk(login, pages, locale, size)));
      assert.deepEqual(problems.flat(), []);
    });
