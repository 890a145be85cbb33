// A worker thread that floods one SIP address on loopback with mutated messages and half-open TCP connections.
// Bounded in rate and time; a seeded generator, so that a failing run can be repeated.
import { createSocket } from "node:dgram";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { host, port, seconds, perSecond, seed } = workerData;
const corpus = fileURLToPath(new URL("../../crates/signaling/tests/fixtures/sip-torture/", import.meta.url));
const messages = readdirSync(corpus, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && !f.name.startsWith("README"))
  .map((f) => Buffer.from(readFileSync(`${f.parentPath ?? f.path}/${f.name}`, "latin1").replace(/\r?\n/g, "\r\n"), "latin1"));

let state = seed;
const random = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % n;
};
function mutated() {
  const m = Buffer.from(messages[random(messages.length)]);
  for (let k = random(8); k >= 0; k--) {
    const at = random(m.length);
    if (random(3) === 0) m.copyWithin(at, random(m.length));
    else m[at] = random(256);
  }
  return random(10) === 0 ? m.subarray(0, random(m.length)) : m;
}

const sockets = await Promise.all(
  Array.from({ length: 8 }, () => new Promise((resolve) => {
    const s = createSocket("udp4");
    s.on("message", () => {});
    s.bind(0, host, () => resolve(s));
  })),
);
const open = [];
let [sent, refused, connections] = [0, 0, 0];
const from = performance.now();
const timer = setInterval(() => {
  const elapsed = (performance.now() - from) / 1000;
  for (; sent < Math.min(elapsed, seconds) * perSecond; sent++) sockets[sent % 8].send(mutated(), port, host);
  if (open.length < 400 && connections < elapsed * 50) {
    connections++;
    const c = connect(port, host, () => c.write(mutated().subarray(0, 200)));
    c.on("error", () => refused++);
    c.on("close", () => open.splice(open.indexOf(c), 1));
    open.push(c);
  }
  if (elapsed < seconds) return;
  clearInterval(timer);
  for (const c of [...open]) c.destroy();
  for (const s of sockets) s.close();
  parentPort.postMessage({ sent, connections, refused, openAtEnd: open.length });
}, 10);
