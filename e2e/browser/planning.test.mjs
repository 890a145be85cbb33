// Goal: a supervisor plans on yesterday's real calls: the curve and its table answer what is typed, agents of one's own show what they
// would achieve, and a day played again with two more agents ends with a difference that is certain.
// Method: Chromium against the demo, whose yesterday is a working day; axe on each tab, screenshots under shots/ for people to look at.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));
const SMALL = { width: 1366, height: 768 };
const LARGE = { width: 1920, height: 1080 };
const RUN_MS = 60_000;
/** How the condition is called on the page. */
const VIP = { "zh-CN": "贵宾", en: "VIP" };
let zhiyin;
let chromium;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

async function supervisor(locale, size) {
  const login = zhiyin.login("supervisor");
  assert.ok(login, "the demo has no supervisor");
  const api = await Api.signIn(zhiyin.http, login);
  await api.json("PATCH", "/api/v1/me", { locale });
  return desk(chromium, zhiyin.http, login, { locale, size });
}

/** The agents that the plan has at its peak. */
async function peak(page) {
  return page.getByTestId("staffing-table").evaluate((table) => Math.max(...[...table.querySelectorAll("tbody b")].map((one) => Number(one.textContent))));
}

for (const [locale, size] of [
  ["zh-CN", SMALL],
  ["en", LARGE],
])
  test(`staffing, ${locale}`, async () => {
    const page = await supervisor(locale, size);
    await page.getByTestId("nav-planning").click();
    await page.getByTestId("curve-chart").waitFor();
    assert.match(await page.getByTestId("planning-measured").textContent(), /\d{3}/, "yesterday had hundreds of calls");
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}planning-staffing-${locale}-${size.width}.png` });

    const before_ = await peak(page);
    assert.ok(before_ > 2 && before_ < 60, `${before_} agents at the peak`);
    await page.getByTestId("input-calls_percent").locator("input").or(page.locator("input[data-testid=input-calls_percent]")).first().fill("200");
    await eventually(async () => (await peak(page)) > before_, 10_000, "twice the calls need more agents");

    await page.getByTestId("agents-from-day").click();
    await page.getByTestId("staffing-totals").locator("section").nth(1).waitFor();
    await page.getByTestId("input-simulate").click();
    await page.getByTestId("staffing-simulated").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}planning-chosen-${locale}-${size.width}.png` });

    const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("planning-csv").click()]);
    const text = readFileSync(await file.path(), "utf8");
    assert.match(text, /^\ufefftime,calls,erlangs,agents/);
    assert.ok(text.trim().split("\r\n").length > 30, "a row for every quarter of an hour");
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test("a day on which nobody called is empty, not broken", async () => {
  const page = await supervisor("en", SMALL);
  await page.goto(`${zhiyin.http}/planning`);
  await page.getByTestId("curve-chart").waitFor();
  const date = page.locator("#planning-day");
  await date.fill("2001-01-01");
  await date.press("Enter");
  await page.getByText("Nobody called that day").waitFor();
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

for (const [locale, size] of [
  ["zh-CN", LARGE],
  ["en", SMALL],
])
  test(`what-if, ${locale}`, async () => {
    const page = await supervisor(locale, size);
    await page.goto(`${zhiyin.http}/planning?tab=what-if`);
    await page.getByTestId("add-agents").click();
    await page.getByTestId("added-row").waitFor();
    await page.getByTestId("added-count").locator("input").or(page.locator("input[data-testid=added-count]")).first().fill("3");

    await page.getByTestId("add-rule").click();
    const rule = page.getByTestId("rule-row");
    await rule.waitFor();
    await page.getByTestId("rules-off").waitFor();
    assert.ok(await page.getByTestId("run-start").isDisabled(), "a rule that does nothing is not sent");
    await rule.getByTestId("rule-when").click();
    await page.locator(`.ant-select-item-option[title="${VIP[locale]}"]`).click();
    await page.locator(".ant-select-dropdown").waitFor({ state: "hidden" });
    await rule.getByTestId("rule-priority").fill("5");
    await page.locator('[data-testid="run-start"]:not([disabled])').waitFor();
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}planning-builder-${locale}-${size.width}.png` });

    await page.getByTestId("run-start").click();
    await page.getByTestId("what-if-result").waitFor({ timeout: RUN_MS });
    assert.ok(new URL(page.url()).searchParams.get("run"), "the run is in the address");
    await page.getByTestId("difference-chart").waitFor();
    assert.ok((await page.getByTestId("result-table").locator(".tone-ok").count()) > 0, "three more agents help, certainly");
    await page.getByTestId("assumptions").click();
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}planning-result-${locale}-${size.width}.png`, fullPage: true });

    // The result is still there after a reload.
    await page.reload();
    await page.getByTestId("what-if-result").waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("scenario").click()]);
    const scenario = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.ok(scenario.replay.length > 300 && scenario.agents.length > 3);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test("a run may be cancelled, and an agent does not plan", async () => {
  const page = await supervisor("en", SMALL);
  const supervised = await Api.signIn(zhiyin.http, zhiyin.login("supervisor"));
  const made = await supervised.json("POST", "/api/v1/planning/what-ifs", { replications: 100 });
  await page.goto(`${zhiyin.http}/planning?tab=what-if&run=${made.id}`);
  // It may be over before the hand is at the button; either way the page says so.
  await page.getByTestId("run-stop").click({ timeout: 2000 }).catch(() => undefined);
  await page.getByTestId("run-ended").or(page.getByTestId("what-if-result")).first().waitFor({ timeout: RUN_MS });
  await page.context().close();

  const login = zhiyin.login("agent");
  const agent = await desk(chromium, zhiyin.http, login, { locale: "en", size: SMALL });
  assert.equal(await agent.getByTestId("nav-planning").count(), 0);
  await agent.context().close();
});
