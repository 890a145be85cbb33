// Goal: a supervisor sees who is to be called back, enters one by hand and calls one off; the queue's form sets how it is done.
// Method: Chromium on the demo; axe in each state, screenshots under shots/ for people to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { axe, browser, desk } from "../lib/desk.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));
const SMALL = { width: 1366, height: 768 };
const LARGE = { width: 1920, height: 1080 };
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

async function open(role, locale, size, path) {
  const api = await Api.signIn(zhiyin.http, zhiyin.login(role));
  await api.json("PATCH", "/api/v1/me", { locale });
  const page = await desk(chromium, zhiyin.http, zhiyin.login(role), { locale, size });
  await page.goto(`${zhiyin.http}/${path}`);
  return { api, page };
}
const shot = (page, name, locale, size) => page.screenshot({ path: `${SHOTS}callbacks-${name}-${locale}-${size.width}.png` });

for (const [locale, size] of [
  ["zh-CN", SMALL],
  ["en", LARGE],
])
  test(`entered, shown, called off, ${locale}`, async () => {
    const { api, page } = await open("supervisor", locale, size, "callbacks");
    const row = page.getByTestId("callback-row");
    // The demo has one that is agreed for tomorrow. Called off, the page is empty.
    const callOff = async (left) => {
      await page.getByTestId("cancel-callback").first().click();
      await page.locator(".ant-modal-confirm-btns .ant-btn-dangerous").click();
      // One that is still closing has the same button as the next.
      await page.locator(".ant-modal-confirm").waitFor({ state: "detached" });
      await eventually(async () => (await row.count()) === left, 10_000, `${left} rows`);
    };
    if (locale === "zh-CN") {
      await row.first().waitFor();
      assert.equal(await page.locator('[data-state="requested"]').count(), 1);
      await callOff(0);
    }
    await page.getByTestId("add").waitFor();
    await shot(page, "empty", locale, size);
    assert.deepEqual(await axe(page), []);
    await page.getByTestId("add").click();
    await page.locator("#number").fill("12");
    await page.getByTestId("save").click();
    await page.locator(".ant-form-item-explain-error").first().waitFor();
    await page.locator("#number").fill("138 0000 1111");
    assert.deepEqual(await axe(page), []);
    await shot(page, "new", locale, size);
    await page.getByTestId("save").click();
    await row.first().waitFor();
    // Another one that is agreed for later, and one that is over.
    const { queue } = (await api.get("/api/v1/callbacks?stage=open")).items[0];
    await api.post("/api/v1/callbacks", { queue, number: "13800002222", mode: "customer_first", not_before: Date.now() * 1000 + 7_200_000_000 });
    await eventually(async () => (await row.count()) === 2, 10_000, "the second row comes by itself");
    assert.equal(await page.locator('[data-state="waiting"]').count(), 1);
    assert.deepEqual(await axe(page), []);
    await shot(page, "open", locale, size);
    await page.goto(`${zhiyin.http}/team`);
    await page.getByTestId("waiting-row").locator(".chip").first().waitFor();
    await shot(page, "team", locale, size);
    await page.goto(`${zhiyin.http}/callbacks`);
    await callOff(1);
    await callOff(0);
    await page.goto(`${zhiyin.http}/callbacks?stage=over`);
    await row.first().waitFor();
    assert.ok((await page.locator('[data-state="cancelled"]').count()) >= 3, "called off today and before");
    assert.ok((await page.locator('[data-state="done"]').count()) >= 4, "the demo's past");
    assert.deepEqual(await axe(page), []);
    await shot(page, "over", locale, size);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test("the queue's form: how it calls back, and the key that offers it", async () => {
  const { api, page } = await open("admin", "zh-CN", LARGE, "queues");
  await page.getByTestId("row").filter({ hasText: "service" }).first().click();
  await page.getByTestId("callbacks-more").locator("summary").click();
  await page.getByTestId("waiting-more").locator("summary").click();
  await page.locator("#callbacks_tries").fill("5");
  assert.deepEqual(await axe(page), []);
  await page.getByTestId("callbacks-more").scrollIntoViewIfNeeded();
  await shot(page, "queue", "zh-CN", LARGE);
  await page.getByTestId("save").click();
  const saved = await eventually(async () => {
    const row = (await api.get("/api/v1/queues")).items.find((q) => q.key === "service");
    return row.callbacks.tries === 5 && row;
  });
  assert.deepEqual(saved.waiting.exits.map((e) => e.to.do), ["voicemail", "callback"]);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
