// Real telephones from Debian, driven from outside: baresip (ctrl_tcp), linphonec (its prompt), and kamailio in front.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tone, wav } from "./tone.mjs";
import { eventually, within } from "./zhiyin.mjs";

let candidate = 11_000 + (process.pid % 4_000);

/** A port free for TCP and for UDP on loopback, below the range the kernel gives out to anyone who asks (32768 and up). */
export async function freePort() {
  for (let tries = 0; tries < 4_000; tries++) {
    candidate = candidate >= 15_000 ? 11_000 : candidate + 1;
    const port = candidate;
    const tcp = await new Promise((resolve) => {
      const s = createServer()
        .once("error", () => resolve(false))
        .listen(port, "127.0.0.1", () => s.close(() => resolve(true)));
    });
    const udp =
      tcp &&
      (await new Promise((resolve) => {
        const s = createSocket("udp4").once("error", () => resolve(false));
        s.bind(port, "127.0.0.1", () => s.close(() => resolve(true)));
      }));
    if (udp) return port;
  }
  throw new Error("no port between 11000 and 15000 is free");
}

/** baresip as a registered desk phone that speaks a steady tone: `command(name, params)`, `event(test)`, `stop()`. */
export async function baresip({ server, user, password, hz = 1000, ip = "127.0.0.1", transport = "udp" }) {
  const folder = mkdtempSync(join(tmpdir(), "baresip-"));
  const [control, sip] = [await freePort(), await freePort()];
  writeFileSync(join(folder, "tone.wav"), wav([tone(hz, 120)]));
  writeFileSync(
    join(folder, "config"),
    [
      `sip_listen ${ip}:${sip}`,
      "audio_player aufile," + join(folder, "heard.wav"),
      `audio_source aufile,${join(folder, "tone.wav")}`,
      "audio_alert aufile,/dev/null",
      "audio_srate 8000-48000",
      "audio_channels 1",
      "rtp_ports 16000-16999",
      "module_path /usr/lib/baresip/modules",
      ...["g711.so", "aufile.so", "account.so"].map((m) => `module ${m}`),
      ...["menu.so", "ctrl_tcp.so"].map((m) => `module_app ${m}`),
      `ctrl_tcp_listen 127.0.0.1:${control}`,
      `net_interface ${ip}`,
    ].join("\n") + "\n",
  );
  writeFileSync(join(folder, "accounts"), `<sip:${user}@${server};transport=${transport}>;auth_user=${user};auth_pass=${password};regint=60;audio_codecs=PCMU/8000/1,PCMA/8000/1;answermode=manual\n`);
  writeFileSync(join(folder, "contacts"), "");
  const child = spawn("baresip", ["-f", folder, "-v"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const s of [child.stdout, child.stderr]) s.on("data", (d) => (log += d));
  let exit;
  child.once("exit", (code, signal) => (exit = `baresip ended (${signal ?? code})`));
  const socket = await eventually(
    () =>
      new Promise((resolve, reject) => {
        if (exit) return reject(new Error(`${exit} before its control port opened\n${log}`));
        const s = connect(control, "127.0.0.1", () => resolve(s));
        s.once("error", () => resolve(undefined));
      }),
    30_000,
    "baresip's control port",
  ).catch((error) => {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\nbaresip said:\n${log}`);
  });
  const events = [];
  const waiters = [];
  let buffer = Buffer.alloc(0);
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    // Netstrings: "<length>:<json>,".
    for (;;) {
      const colon = buffer.indexOf(":");
      if (colon < 0) return;
      const length = Number(buffer.toString("latin1", 0, colon));
      if (buffer.length < colon + length + 2) return;
      const message = JSON.parse(buffer.toString("utf8", colon + 1, colon + 1 + length));
      buffer = buffer.subarray(colon + length + 2);
      events.push(message);
      for (const w of waiters) if (w.test(message)) w.resolve(message);
    }
  });
  return {
    events,
    log: () => log,
    heard: join(folder, "heard.wav"),
    command(command, params = "") {
      const json = JSON.stringify({ command, params, token: "t" });
      socket.write(`${Buffer.byteLength(json)}:${json},`);
    },
    event(test, ms = 10_000, what = "a baresip event") {
      const seen = events.find(test);
      return seen ? Promise.resolve(seen) : within(new Promise((resolve) => waiters.push({ test, resolve })), ms, `${what}\n${log.slice(-3000)}\n`);
    },
    forget: () => events.splice(0),
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** linphonec at its prompt, sound from and to files: `type(line)`, `sees(regex)`. */
export async function linphone({ server, user, password, play, record }) {
  const folder = mkdtempSync(join(tmpdir(), "linphone-"));
  const port = await freePort();
  mkdirSync(join(folder, ".local/share/linphone"), { recursive: true });
  writeFileSync(join(folder, "linphonerc"), `[sip]\nsip_port=${port}\nsip_tcp_port=0\nsip_tls_port=0\nuse_ipv6=0\nguess_hostname=0\ncontact="${user}" <sip:${user}@127.0.0.1>\n[rtp]\naudio_rtp_port=17000-17999\n[sound]\nplayback_dev_id=ANULL: null sound device\ncapture_dev_id=ANULL: null sound device\n[video]\nenabled=0\n`);
  const child = spawn("linphonec", ["-c", join(folder, "linphonerc")], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, HOME: folder } });
  let log = "";
  const waiters = [];
  for (const s of [child.stdout, child.stderr])
    s.on("data", (d) => {
      log += d;
      for (const w of waiters) if (w.test.test(log.slice(w.from))) w.resolve();
    });
  const self = {
    log: () => log,
    type: (line) => child.stdin.write(`${line}\n`),
    /** Resolves when the output since `from` (default: now) matches. */
    sees(test, ms = 15_000, from = 0) {
      if (test.test(log.slice(from))) return Promise.resolve();
      return within(new Promise((resolve) => waiters.push({ test, resolve, from })), ms, `${test} at linphonec's prompt\n${log.slice(-3000)}\n`);
    },
    mark: () => log.length,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.write("quit\n");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await self.sees(/linphonec>/);
  self.type("soundcard use files");
  if (play) self.type(`play ${play}`);
  if (record) self.type(`record ${record}`);
  self.type(`register sip:${user}@${server} sip:${server} ${password}`);
  return self;
}

/** kamailio as a record-routing proxy on a free port that sends everything to `target` (and back by Route). */
export async function kamailio({ target }) {
  const folder = mkdtempSync(join(tmpdir(), "kamailio-"));
  const port = await freePort();
  const config = join(folder, "kamailio.cfg");
  writeFileSync(
    config,
    `#!KAMAILIO
debug=1
log_stderror=yes
fork=no
children=1
listen=udp:127.0.0.1:${port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not here"); exit;
  }
  if (is_method("INVITE|SUBSCRIBE")) record_route();
  $du = "sip:${target}";
  t_relay();
}
`,
  );
  const child = spawn("kamailio", ["-DD", "-E", "-f", config, "-Y", folder, "-w", folder, "-m", "32", "-M", "4"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const s of [child.stdout, child.stderr]) s.on("data", (d) => (log += d));
  child.once("exit", () => (log += "\n(kamailio ended)"));
  return {
    sip: `127.0.0.1:${port}`,
    log: () => log,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
