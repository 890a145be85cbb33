// Goal: opening hours are set up and overruled by hand in the pages, and callers meet what the pages say.
// Method: the calendar page in a browser, our own SIP telephone as the caller.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let chromium;
let admin;
before(async () => {
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

/** A page in English, whatever the person usually reads. */
async function open(role) {
  const login = zhiyin.login(role);
  await (await Api.signIn(zhiyin.http, login)).json("PATCH", "/api/v1/me", { locale: "en" });
  const page = await desk(chromium, zhiyin.http, login, { locale: "en" });
  await page.goto(`${zhiyin.http}/calendars`);
  return page;
}
const row = (page, key) => page.getByTestId("row").filter({ hasText: key });

test("a supervisor turns the switch: who waits hears why and is let go, who comes too", async () => {
  const page = await open("supervisor");
  const phone = await Phone.open({ server: zhiyin.sip, user: "13500000001" });
  const waits = await phone.dial("4001");
  await row(page, "service").click();
  const panel = page.getByTestId("calendar-now");
  await panel.getByText("Open", { exact: true }).first().waitFor();
  await page.getByTestId("switch-position").getByText("Emergency").click();
  await page.getByTestId("switch-turn").click();
  await panel.locator("svg.tone-alert").waitFor();
  await page.locator('[data-testid="switch-turn"]:not(.ant-btn-loading)').waitFor();
  assert.deepEqual(await axe(page), []);
  await waits.over;
  const comes = await phone.dial("4001");
  await comes.over;
  await page.getByTestId("switch-position").getByText("By calendar").click();
  await page.getByTestId("switch-turn").click();
  await panel.locator("svg.tone-ok").waitFor();
  await eventually(async () => (await admin.get("/api/v1/calendars/service/state")).open, 5000, "the calendar to be open");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("an administrator loads the year's holidays and sees the month change", async () => {
  const page = await open("admin");
  await page.getByTestId("add").click();
  await page.getByRole("textbox", { name: "Key" }).fill("shop");
  await page.getByLabel("Name · Chinese").first().fill("门店");
  await page.getByLabel("Name · English").first().fill("Shop");
  await page.getByTestId("load-holidays").click();
  await eventually(async () => (await page.getByTestId("calendar-holidays").locator(".rule").count()) === 7, 5000, "the seven holidays");
  await page.getByTestId("calendar-month").locator(".day.open:not(.other)").first().waitFor();
  await page.getByTestId("save").click();
  await row(page, "shop").waitFor();
  const made = await admin.get("/api/v1/calendars/shop");
  assert.equal(made.make_up.length, 6);
  const state = await admin.get(`/api/v1/calendars/shop/state?at=${Date.UTC(2026, 9, 1, 4) * 1000}`);
  assert.deepEqual([state.open, state.why.rule], [false, "holiday"]);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
