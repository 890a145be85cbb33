// Starts the real binary in a folder of its own and talks to its API. Nothing here knows the inside.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

const binary = process.env.ZHIYIN ?? join(process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/zhiyin/target"), "release/zhiyin");

/** A running `zhiyin demo`: `{ready, http, sip, folder, pid, stop(), kill9(), restart()}`. */
export async function demo({ traffic = "off", seed = 1, folder = mkdtempSync(join(tmpdir(), "zhiyin-e2e-")), rtp = "31000-34999", env = {}, args = [] } = {}) {
  const command = ["demo", "--data", folder, "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--rtp", rtp, "--seed", String(seed), "--traffic", traffic, ...args];
  return start(command, folder, env, () => demo({ traffic, seed, folder, rtp, env, args }));
}

async function start(command, folder, env, again) {
  const child = spawn(binary, command, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let log = "";
  child.stderr.on("data", (d) => {
    log = (log + d).slice(-200_000);
  });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const ready = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      try {
        const value = JSON.parse(line);
        if (value.event === "ready") resolve(value);
      } catch {
        // Only the ready line is JSON.
      }
    });
    ended.then((how) => reject(new Error(`zhiyin ended before it was ready: ${JSON.stringify(how)}\n${log}`)));
  });
  const self = {
    ready,
    folder,
    http: ready.http,
    sip: ready.sip,
    pid: child.pid,
    log: () => log,
    ended,
    login: (role) => ready.logins.find((l) => l.role === role),
    async stop({ keep = false } = {}) {
      child.kill("SIGTERM");
      const how = await ended;
      if (!keep) rmSync(folder, { recursive: true, force: true });
      return how;
    },
    async kill9() {
      child.kill("SIGKILL");
      await ended;
    },
    restart: again,
    rssKb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]),
    run: (...words) => runOnce([...words], folder),
  };
  return self;
}

/** Runs a short command of the binary on a data folder; resolves with `{code, out, err}`. */
export function runOnce(words, folder) {
  const child = spawn(binary, words, { env: { ...process.env, ZHIYIN__STORE__DATA_DIR: folder } });
  let out = "";
  let err = "";
  child.stdout.on("data", (d) => (out += d));
  child.stderr.on("data", (d) => (err += d));
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, out, err })));
}

/** A signed-in client of the public API. */
export class Api {
  constructor(http, token) {
    this.http = http;
    this.token = token;
  }
  static async signIn(http, { username, password }) {
    const api = new Api(http);
    const session = await api.post("/api/v1/session", { username, password });
    api.token = session.token;
    api.user = session.user;
    return api;
  }
  async request(method, path, body, headers = {}) {
    return fetch(this.http + path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
  async json(method, path, body, headers) {
    const response = await this.request(method, path, body, headers);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
  get = (path) => this.json("GET", path);
  post = (path, body = {}, headers) => this.json("POST", path, body, headers);
  put = (path, body, headers) => this.json("PUT", path, body, headers);

  /** Subscribes to the stream; `next(predicate, ms)` resolves with the first matching message, past or to come. */
  stream(topics = ["me", "agents", "waiting", "calls"]) {
    const socket = new WebSocket(`${this.http.replace("http", "ws")}/api/v1/stream`, { headers: { authorization: `Bearer ${this.token}` } });
    const messages = [];
    const waiters = [];
    socket.on("message", (data) => {
      const message = JSON.parse(data);
      messages.push(message);
      for (const w of waiters.filter((w) => w.test(message))) w.resolve(message);
      if (message.type === "hello") socket.send(JSON.stringify({ subscribe: topics }));
    });
    return {
      messages,
      close: () => socket.close(),
      next: (test, ms = 10_000) => {
        const seen = messages.find(test);
        return seen ? Promise.resolve(seen) : within(new Promise((resolve) => waiters.push({ test, resolve })), ms, "a stream message");
      },
    };
  }
}

/** Prometheus text to `{name: sum over labels}`. */
export async function metrics(http) {
  const text = await (await fetch(`${http}/metrics`)).text();
  const sums = {};
  for (const line of text.split("\n")) {
    const m = /^([a-zA-Z_:][\w:]*)(?:\{[^}]*\})?\s+(\S+)/.exec(line);
    if (m) sums[m[1]] = (sums[m[1]] ?? 0) + Number(m[2]);
  }
  return sums;
}

export function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again until the answer is truthy: for facts that another process writes. */
export async function eventually(ask, ms = 10_000, what = "it") {
  const until = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`${what} did not become true within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every file under a folder that contains one of the byte strings: `[{file, needle}]`. */
export function filesContaining(folder, needles) {
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    for (const needle of needles) if (bytes.includes(Buffer.from(needle))) found.push({ file: entry, needle });
  }
  return found;
}

/** A running `zhiyin serve` on `blueprints/bench.toml`: anonymous callers from loopback, no logins. */
export async function bench({ env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "zhiyin-bench-"));
  const config = join(folder, "zhiyin.toml");
  writeFileSync(config, `[http]\naddr = "127.0.0.1:0"\n[sip]\naddr = "127.0.0.1:0"\nallow_anonymous = true\n[media]\nrtp_ports = "20000-29999"\n[store]\ndata_dir = "${folder}/data"\n[log]\nlevel = "warn"\n`);
  const blueprint = fileURLToPath(new URL("../../blueprints/bench.toml", import.meta.url));
  const applied = await runOnce(["apply", blueprint, "--config", config], join(folder, "data"));
  if (applied.code !== 0) throw new Error(`apply: ${applied.err}`);
  return start(["serve", "--config", config], folder, env, () => bench({ env }));
}
