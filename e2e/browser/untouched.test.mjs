// Goal: opening a thing of the set-up and saving it untouched changes nothing of it, whatever its form does not show.
// Method: each kind with every field away from its default, set by the API; the page's own drawer opened and saved; what the API then says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, desk } from "../lib/desk.mjs";
import { Api, demo, eventually } from "../lib/zhiyin.mjs";

let zhiyin;
let chromium;
let admin;
before(async () => {
  [zhiyin, chromium] = await Promise.all([demo(), browser()]);
  admin = await Api.signIn(zhiyin.http, zhiyin.login("admin"));
  await admin.post("/api/v1/webhooks", { key: "ops", name: named("运维"), url: "https://hooks.example.com/a", enabled: true, secret: `whsec_${"QUJD".repeat(8)}` });
});
after(async () => {
  await chromium?.close();
  await zhiyin?.stop();
});

const named = (zh, en = "Other") => ({ zh, en });
const message = (length_max_ms) => ({ do: "voicemail", greeting: "voicemail_greeting", length_max_ms });
const breaks = { agents_max: 3, percent_max: 40, refuse: true };
const when = { vip: false, tag: "gold", company: "Harbor Lofts", number: "4001", menu_digit: "2" };
const rule = { key: "own", name: named("甲"), when, priority: 2, needs: "english >= 3", prefer_last_agent_ms: 4000, queue: null, enabled: false };
const routing = {
  needs: "english >= 3", level_max: 5, relax: [{ after_ms: 9000, needs: null, level_max: 7, own_needs: true }], priority_ms: 60_000, weight: 150,
  preferred_wait_ms: 7000, ring_next_ms: 4000, no_answer_max: 2, borrow: [{ from: "billing", after_ms: 8000, service_level_min: 70 }], no_agent_ms: 30_000,
  waiting_percent_max: 300, resume_ms: 90_000, breaks, rules: [rule],
};
const queue = {
  name: named("丁"), strategy: "fewest_calls", ring_timeout_ms: 21_000, wrap_up_ms: 31_000, queue_len_max: 51, wait_max_ms: 601_000, overflow: message(60_000),
  hours: "office", closed: { do: "queue", queue: "billing" }, closing: "leave", announce_every_ms: 31_000, music: "welcome", record: false,
  service_level_threshold_s: 25, routing,
  waiting: { comfort: ["welcome"], comfort_every_ms: 20_000, exits: [{ digit: "1", to: message(60_000) }, { digit: "5", to: { do: "queue", queue: "tech" } }], say_estimate: true, estimate_max_ms: 90_000 },
  measure: { service_level: "genesys", short_abandon_s: 12, include_abandons: false, include_short_abandons: true, include_flow_outs: true },
};
const menu = {
  prompt: "main_menu", timeout_ms: 6000, repeats: 3, otherwise: { to: "hang_up", prompt: "goodbye" },
  options: [
    { digit: "1", label: named("账单"), target: { to: "queue", queue: "billing", priority: 3 }, needs: "billing >= 2" },
    { digit: "2", label: named("信息"), target: { to: "prompt", prompt: "information" }, needs: null },
    { digit: "*", label: named("重听"), target: { to: "repeat" }, needs: null },
  ],
};
const number = {
  name: named("戊"), language: "en", plan: { does: "ivr", welcome: "welcome", recording_notice: "recording_notice", menu }, hours: "service",
  closed: { do: "hang_up", prompt: "closed" }, announcement_wait_ms: 3000, enabled: false,
};
const trunk = {
  name: named("己"), host: "192.0.2.7", port: 5081, transport: "tcp", inbound: ["192.0.2.0/24"], username: "zhiyin", password: "a secret", register: true, prefix: "8",
  strip: 2, caller_id: "02155550000", calls_max: 7, enabled: false,
};
const calendar = {
  name: named("庚"), timezone: "Europe/London", weekly: [{ days: ["tue", "sat"], open: ["22:00-06:00"] }],
  holidays: [{ from: "2027-01-01", to: null, name: named("元旦"), open: [] }, { from: "2027-02-06", to: "2027-02-12", name: named("春节"), open: ["10:00-12:00"] }],
  make_up: [{ date: "2027-02-14", like: "wed", open: [] }, { date: "2027-02-20", like: null, open: ["09:00-12:00"], name: named("补班") }],
  closures: [{ from: "2027-03-01T08:00", to: "2027-03-01T12:30", name: named("停电") }],
};
const condition = { metric: "waiting", scope: { of: "queue", queue: "" }, window: "now", compare: "at_least", threshold: 7.5, n_min: 3, for_ms: 2000 };
const alertRule = {
  name: named("辛"), enabled: false, level: "critical", join: "any", conditions: [condition, { ...condition, scope: null, for_ms: null }], each: "queue", clear_ratio: 0.7,
  mutes: [{ when: "daily", from_min: 30, until_min: 90 }, { when: "once", from: 1_900_000_000_000_000, until: 1_900_000_060_000_000 }], escalate_after_ms: 90_000,
  notify: [{ to: "webhook", webhook: "ops" }, { to: "app" }],
};
const chat = { channel: "chat", slots: 3, load_percent: 33, interrupts: ["ticket", "message"] };

/** Page, path of the API, what the row is called there, and what is changed before. */
const KINDS = [
  ["queues", "queues", "service", queue],
  ["routing?kind=routingRules", "routing-rules", "vip", { ...rule, key: "vip", queue: "tech" }],
  ["routing?kind=capacityProfiles", "capacity-profiles", "messaging", { name: named("壬"), channels: [chat] }],
  ["routing?kind=teams", "teams", "服务一组", { breaks }],
  ["numbers", "numbers", "4001", number],
  ["trunks", "trunks", "demo-out", trunk],
  ["people", "users", "wang.qiang", { display_name: "王小强", roles: ["agent", "inspector"], team: null, extension: "1099", skills: { billing: 7, english: 2 }, capacity: "messaging", locale: "en", disabled: true }],
  ["calendars", "calendars", "office", calendar],
  ["prompts", "prompts", "emergency", { name: named("癸"), source: { from: "speech", text: { zh: "请稍后再拨。", en: "Please call again." } } }],
  ["codes?kind=wrapUpCodes", "wrap-up-codes", "solved", { name: named("好") }],
  ["codes?kind=breakReasons", "break-reasons", "lunch", { name: named("饭"), duration_max_ms: 1_234_000 }],
  ["alert-rules", "alert-rules", "rona", alertRule],
  ["webhooks", "webhooks", "ops", { name: named("值班"), url: "https://hooks.example.com/b?c=1", enabled: false }],
];

async function row(path, key) {
  const all = (await admin.get(`/api/v1/${path}?limit=200`)).items;
  const found = all.find((one) => [one.key, one.number, one.username, one.name].includes(key));
  assert.ok(found, `the demo has no ${key} among ${path}`);
  return found;
}
/** Without what the server alone sets. */
const body = ({ id, version, has_password, has_secret, locked_until_at, last_success_at, last_failure_at, last_failure, ...rest }) => rest;

/** Sets what differs, and tells what the API then answers. */
async function changed(path, key, change) {
  const found = await row(path, key);
  const at = `/api/v1/${path}/${found.id ?? key}`;
  await admin.put(at, { ...body(await admin.get(at)), ...change }, { "If-Match": `"${found.version}"` });
  return { at, set: await admin.get(at) };
}
async function savedAfter(at, version) {
  return eventually(async () => {
    const now = await admin.get(at);
    return now.version > version && now;
  }, 10_000, "the save");
}

for (const [address, path, key, change] of KINDS)
  test(`${path}: saved untouched it stays as it was`, async () => {
    if (path === "alert-rules") condition.scope.queue = (await row("queues", "service")).id;
    const members = path === "queues" ? { members: (await row("users", "li.na"), [{ user: (await row("users", "li.na")).id, level: 3, weight: 5 }]) } : {};
    const { at, set } = await changed(path, key, { ...change, ...members });
    const page = await desk(chromium, zhiyin.http, zhiyin.login("admin"));
    await page.goto(`${zhiyin.http}/${address}`);
    await page.getByTestId("row").filter({ has: page.getByText(key, { exact: true }) }).click();
    await page.getByTestId("save").click();
    const saved = await savedAfter(at, set.version);
    assert.deepEqual({ ...saved, version: 0 }, { ...set, version: 0 });
    // What was set is what is compared, not what a refused field left behind.
    for (const [field, value] of Object.entries(change)) if (field in set) assert.deepEqual(set[field], value, field);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test("boards: a new name leaves every tile as it was", async () => {
  const [board] = (await admin.get("/api/v1/boards?limit=200")).items;
  const at = `/api/v1/boards/${board.id}`;
  const page = await desk(chromium, zhiyin.http, zhiyin.login("supervisor"));
  await page.goto(`${zhiyin.http}/boards/${board.id}`);
  await page.getByTestId("edit-board").click();
  const name = page.getByTestId("board-edit").getByRole("textbox").nth(1);
  await name.fill("Renamed");
  await page.getByTestId("save").click();
  const saved = await savedAfter(at, board.version);
  assert.deepEqual(body(saved), body({ ...board, name: { ...board.name, en: "Renamed" } }));
  await page.context().close();
});
