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
const PAGES = {
  agent: ["desk", "interactions", "profile"],
  supervisor: ["team", "interactions", "calendars", "boards", "alerts", "planning", "metrics-help"],
  admin: ["people", "queues", "numbers", "calendars", "trunks", "prompts", "codes", "alert-rules", "webhooks"],
  security_admin: ["api-keys"],
  auditor: ["audit"],
};
const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];
let zhiyin;
let chromium;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  await history();
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

/** One served call and one that waits, so that lists and the team page have something real to show. */
async function history() {
  const phone = await Phone.open({ server: zhiyin.sip, user: "13800001111" });
  const leg = await phone.dial("4002");
  leg.media.say(440);
  await leg.media.hears((m) => m.share(440, 300) > 0.8, 5000, "the echo");
  await leg.hangUp();
  await phone.dial("4001");
}

for (const [role, pages] of Object.entries(PAGES))
  for (const locale of ["zh-CN", "en"])
    for (const size of SIZES)
      test(`${role} ${locale} ${size.width}`, async () => {
        const login = zhiyin.login(role);
        assert.ok(login, `the demo has no ${role}`);
        const api = await Api.signIn(zhiyin.http, login);
        await api.json("PATCH", "/api/v1/me", { locale });
        const theme = size.width === 1366 ? "light" : "dark";
        const page = await desk(chromium, zhiyin.http, login, { locale, size, theme });
        const problems = [];
        for (const name of pages) {
          await page.goto(`${zhiyin.http}/${name}`);
          await page.getByRole("main").waitFor();
          await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {});
          await eventually(() => page.evaluate(() => !document.querySelector('[aria-busy="true"], .ant-skeleton')), 5000, `${name} to load`);
          await page.screenshot({ path: `${SHOTS}${name}-${role}-${locale}-${size.width}.png` });
          for (const line of await axe(page)) problems.push(`${name}: ${line}`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (overflow > 0) problems.push(`${name}: scrolls sideways by ${overflow} px`);
          if (name === "desk") {
            const down = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
            if (down > 0) problems.push(`desk: the page itself scrolls by ${down} px`);
          }
          const language = await page.evaluate(() => document.documentElement.lang);
          if (language !== locale) problems.push(`${name}: in ${language}`);
        }
        assert.deepEqual(problems, []);
        assert.deepEqual(page.errors, []);
        await page.context().close();
      });
