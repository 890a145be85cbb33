// Goal: what is watched is right there: a board of the demo lives in both languages and on a wall, a number opens what is behind it,
// an alert that fires is seen and looked after, and a board whose numbers stand still says so.
// Method: Chromium against the demo with a caller in the queue; axe on each view, screenshots under shots/ for people to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Phone } from "../lib/phone.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));
const WALL = { width: 1920, height: 1080 };
let zhiyin;
let chromium;
let caller;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  caller = await Phone.open({ server: zhiyin.sip, user: "13800001111" });
});
after(async () => {
  caller?.close();
  await chromium?.close();
  await zhiyin?.stop();
});

async function supervisor(locale, size) {
  const login = zhiyin.login("supervisor");
  assert.ok(login, "the demo has no supervisor");
  const api = await Api.signIn(zhiyin.http, login);
  await api.json("PATCH", "/api/v1/me", { locale });
  return { api, page: await desk(chromium, zhiyin.http, login, { locale, size }) };
}

/** A number that is more than the dash of "no data". */
async function hasNumbers(page) {
  await page.getByTestId("number").first().waitFor();
  await eventually(
    () => page.getByTestId("number").evaluateAll((all) => all.some((one) => /\d/.test(one.textContent))),
    10_000,
    "a number on the board",
  );
}

for (const locale of ["zh-CN", "en"])
  test(`a board, ${locale}`, async () => {
    const { page } = await supervisor(locale, WALL);
    await page.goto(`${zhiyin.http}/boards`);
    await page.getByTestId("board-card").first().waitFor();
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}boards-supervisor-${locale}-1920.png` });

    await page.getByTestId("board-card").first().click();
    await page.getByTestId("board").waitFor();
    await hasNumbers(page);
    assert.equal(await page.getByTestId("board-banner").textContent(), "", "a live board is not stale");
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}board-supervisor-${locale}-1920.png` });

    await page.getByTestId("number").first().click();
    const drawer = page.getByRole("dialog");
    await drawer.waitFor();
    await eventually(() => page.evaluate(() => !document.querySelector('[role="dialog"] [aria-busy="true"]')), 5000, "the records to load");
    assert.equal(await drawer.getByRole("alert").count(), 0, "the records of a number could not be read");
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });

    await page.keyboard.press("f");
    await page.getByTestId("kiosk").waitFor();
    assert.equal(await page.getByRole("navigation").count(), 0, "a wall has no navigation");
    await hasNumbers(page);
    const overflow = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]);
    assert.deepEqual(overflow, [0, 0], "the whole board is on the wall");
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: `${SHOTS}kiosk-supervisor-${locale}-1920.png` });
    await page.keyboard.press("Escape");
    await page.getByTestId("board").waitFor();

    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test("a new board from a template is changed by keys and saved", async () => {
  const { page, api } = await supervisor("zh-CN", WALL);
  await page.goto(`${zhiyin.http}/boards`);
  await page.getByTestId("add").click();
  await page.getByTestId("template-team").click();
  await page.getByTestId("create-board").click();
  await page.getByTestId("board-edit").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.screenshot({ path: `${SHOTS}board-edit-supervisor-zh-CN-1920.png` });
  const order = () => page.locator('[data-testid^="edit-t"]').evaluateAll((all) => all.map((one) => one.dataset.testid));
  const [first, second, ...others] = await order();
  await page.getByTestId(first).getByRole("button").focus();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await order(), [second, first, ...others]);
  await page.getByTestId("save").click();
  await page.getByTestId("board").waitFor();
  await hasNumbers(page);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const saved = await api.get(`/api/v1/boards/${id}`);
  assert.equal(`edit-${saved.tiles[1].id}`, first);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("an alert fires, is looked after by keys, and is over", async () => {
  const admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  await admin.post("/api/v1/alert-rules", {
    key: "somebody_waits",
    name: { zh: "有人排队", en: "Somebody waits" },
    enabled: true,
    level: "critical",
    each: null,
    join: "all",
    conditions: [{ metric: "waiting", scope: null, window: "now", compare: "at_least", threshold: 1, n_min: 0, for_ms: 0 }],
    clear_ratio: 1,
    mutes: [],
    escalate_after_ms: null,
    notify: [{ to: "app" }],
  });
  const { page } = await supervisor("en", { width: 1366, height: 768 });
  await page.goto(`${zhiyin.http}/team`);
  await page.getByTestId("alert-bell").waitFor();
  const leg = await caller.dial("4001");
  const toast = page.getByTestId("alert-toast").filter({ hasText: "Somebody waits" });
  await toast.waitFor({ timeout: 30_000 });
  assert.notEqual(await page.getByTestId("alert-bell").getAttribute("data-count"), "0");
  assert.deepEqual(await axe(page), []);
  await page.screenshot({ path: `${SHOTS}alert-toast-supervisor-en-1366.png` });

  await toast.getByRole("link").click();
  const row = page.getByTestId("alert-row").filter({ hasText: "Somebody waits" });
  await row.waitFor();
  await row.focus();
  await page.keyboard.press("Enter");
  await row.getByTestId("acknowledge").waitFor({ state: "detached" });
  assert.deepEqual(await axe(page), []);
  await page.screenshot({ path: `${SHOTS}alerts-supervisor-en-1366.png` });

  await leg.hangUp();
  await row.waitFor({ state: "detached", timeout: 30_000 });
  await page.reload();
  await page.getByTestId("alert-over").filter({ hasText: "Somebody waits" }).waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("a board whose numbers stand still says since when", async () => {
  const { page } = await supervisor("en", WALL);
  await page.goto(`${zhiyin.http}/boards`);
  await page.getByTestId("board-card").first().click();
  await hasNumbers(page);
  await zhiyin.stop();
  await eventually(async () => /Stale since \d\d:\d\d:\d\d/.test(await page.getByTestId("board-banner").textContent()), 15_000, "the banner");
  await page.screenshot({ path: `${SHOTS}board-stale-supervisor-en-1920.png` });
  await page.context().close();
});
