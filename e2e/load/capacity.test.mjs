// Goal: 300 prompt calls, and 150 bridged and recorded ones, for 60 s on two cores: nothing lost, nothing left behind.
// Method: SIPp streams G.711 both ways; losses from the engine's own counters and from a telephone listening in;
// gauges and resident memory before and after.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Phone } from "../lib/phone.mjs";
import { bench, eventually, metrics } from "../lib/zhiyin.mjs";

const scenarios = join(dirname(fileURLToPath(import.meta.url)), "scenarios");
const HOLD_S = 60;
let zhiyin;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "zhiyin-sipp-"));
  writeFileSync(join(folder, "media.ulaw"), Buffer.alloc(8000, 0x90).fill(0x10, 4000));
  zhiyin = await bench();
});
after(async () => {
  await zhiyin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function sipp(scenario, args) {
  const child = spawn("sipp", ["-sf", join(scenarios, scenario), "-nostdin", ...args], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return { child, done: new Promise((resolve) => child.once("exit", resolve)) };
}
const caller = (service, calls) =>
  sipp("uac_media.xml", [zhiyin.sip, "-s", service, "-i", "127.0.0.2", "-mi", "127.0.0.2", "-mp", "16000", "-m", String(calls), "-l", String(calls), "-r", "30", "-d", String(HOLD_S * 1000)]);

const gauges = [
  "zhiyin_calls",
  "zhiyin_sip_dialogs",
  "zhiyin_sip_transactions",
  "zhiyin_media_sessions",
  "zhiyin_media_rtp_legs",
  "zhiyin_media_port_pairs",
  "zhiyin_media_sockets",
  "zhiyin_recordings_running",
  "zhiyin_writer_queue_length",
];
const losses = [
  "zhiyin_media_packets_lost_total",
  "zhiyin_media_send_errors_total",
  "zhiyin_media_events_dropped_total",
  "zhiyin_recording_dropped_ms_total",
];

async function loaded(service, calls, listen) {
  const rss = zhiyin.rssKb();
  const before = await metrics(zhiyin.http);
  const run = caller(service, calls);
  await eventually(async () => (await metrics(zhiyin.http)).zhiyin_calls >= calls, 40_000, `${calls} calls at once`);
  const heard = await listen?.();
  assert.equal(await run.done, 0, "SIPp counts a failed call");
  // Answered transactions are remembered for 64 T1 (RFC 6026) before their gauge falls.
  let after;
  await eventually(async () => {
    after = await metrics(zhiyin.http);
    return gauges.every((g) => (after[g] ?? 0) === 0);
  }, 50_000, "every gauge back to zero").catch((e) => {
    throw new Error(`${e.message}: ${JSON.stringify(Object.fromEntries(gauges.map((g) => [g, after[g]])))}`);
  });
  for (const name of losses) assert.equal((after[name] ?? 0) - (before[name] ?? 0), 0, name);
  return { rss, grown: zhiyin.rssKb() / rss, heard };
}

async function prompt(seconds) {
  const phone = await Phone.open({ server: zhiyin.sip, ip: "127.0.0.2", user: "listener" });
  const leg = await phone.dial("2000");
  const from = performance.now();
  await leg.media.hears(() => performance.now() - from > seconds * 1000, seconds * 1000 + 5000, "the prompt");
  const result = { packets: leg.media.packets, lost: leg.media.lost };
  await leg.hangUp();
  phone.close();
  return result;
}

test("300 callers hear a prompt for 60 s, none misses a packet", async () => {
  await loaded("2000", 50); // Warm: the first calls load the prompt and grow the pools.
  const { grown, heard } = await loaded("2000", 300, () => prompt(40));
  assert.equal(heard.lost, 0);
  assert.ok(heard.packets >= 40 * 50 - 25, `heard ${heard.packets} packets in 40 s`);
  assert.ok(grown < 1.1, `resident memory grew to ${grown.toFixed(2)} of before`);
});

test("150 bridged and recorded calls for 60 s lose nothing", async () => {
  const agents = sipp("uas_media.xml", ["-i", "127.0.0.3", "-p", "5062", "-mi", "127.0.0.3", "-mp", "16000"]);
  try {
    await loaded("1001", 30);
    const { grown } = await loaded("1001", 150);
    assert.ok(grown < 1.1, `resident memory grew to ${grown.toFixed(2)} of before`);
  } finally {
    agents.child.kill();
    await agents.done;
  }
});
