// An agent in Debian's Chromium: a microphone that is a file, ears that measure tones, and the desk's own buttons.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { tone, wav } from "./tone.mjs";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** A browser whose microphone says a steady tone. */
export async function browser({ micHz = 1000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "zhiyin-mic-"));
  const mic = join(folder, "mic.wav");
  // Whole seconds of a whole number of periods: the file loops without a click.
  writeFileSync(mic, wav([tone(micHz, 10, 48_000, 12_000)], 48_000));
  const instance = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-audio-capture=${mic}`,
    ],
  });
  const close = instance.close.bind(instance);
  instance.close = async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  };
  return instance;
}

/** Runs in the page before its own code: keeps the last second heard on every incoming track. */
function ears() {
  const heard = [];
  window.__heard = heard;
  window.__peers = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      window.__peers.push(this);
      this.addEventListener("track", ({ track }) => {
        if (track.kind !== "audio") return;
        const context = new AudioContext();
        const source = context.createMediaStreamSource(new MediaStream([track]));
        const node = context.createScriptProcessor(2048, 1, 1);
        const ring = new Float32Array(Math.round(context.sampleRate / 2));
        node.onaudioprocess = (e) => {
          const samples = e.inputBuffer.getChannelData(0);
          ring.copyWithin(0, samples.length);
          ring.set(samples, ring.length - samples.length);
        };
        source.connect(node);
        node.connect(context.destination);
        heard.push({ ring, rate: context.sampleRate, track });
      });
    }
  };
  window.__share = (frequency) => {
    const last = heard.at(-1);
    if (!last) return 0;
    const c = 2 * Math.cos((2 * Math.PI * frequency) / last.rate);
    let [s1, s2, energy] = [0, 0, 0];
    for (const x of last.ring) {
      const s = x + c * s1 - s2;
      s2 = s1;
      s1 = s;
      energy += x * x;
    }
    return energy < 1e-3 ? 0 : (2 * (s1 * s1 + s2 * s2 - c * s1 * s2)) / (last.ring.length * energy);
  };
}

/** A new page, signed in; `page.errors` collects what the page complained of. */
export async function desk(instance, http, { username, password }, { locale = "zh-CN", theme = "light", size = { width: 1366, height: 768 } } = {}) {
  // Nothing moves: what is on its way to its place cannot be clicked reliably on a busy machine.
  const context = await instance.newContext({ viewport: size, locale, colorScheme: theme, reducedMotion: "reduce", permissions: ["microphone", "notifications"] });
  await context.addInitScript(ears);
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (e) => page.errors.push(String(e)));
  page.on("console", (m) => m.type() === "error" && !/Failed to load resource/.test(m.text()) && page.errors.push(m.text()));
  // The first question, whether somebody is signed in, is answered 401.
  page.on("response", (r) => r.status() >= 400 && !(r.status() === 401 && r.url().endsWith("/api/v1/session")) && page.errors.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`));
  await page.goto(http);
  await page.getByTestId("username").fill(username);
  await page.getByTestId("password").fill(password);
  await page.getByTestId("sign-in").click();
  await page.getByTestId("user-menu").waitFor();
  return page;
}

/** Chooses a status in the top bar's menu. */
export async function setStatus(page, status) {
  await page.getByTestId("status-menu").click();
  await page.getByTestId(`status-${status}`).click();
  await page.locator(`[data-testid="status-menu"][data-status="${status}"]`).waitFor();
}

/** Waits until the agent's browser hears mostly this frequency; resolves with performance.now() of this process. */
export async function hears(page, frequency, ms = 10_000) {
  await page.waitForFunction((f) => window.__share(f) > 0.8, frequency, { timeout: ms, polling: 50 });
  return performance.now();
}

/** Accessibility problems of the page as it is (axe: WCAG 2 A and AA), as short lines. */
export async function axe(page) {
  // A colour on its way from one to another is nobody's choice.
  await page.evaluate(() => {
    const passing = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.all(passing.map((a) => a.finished.catch(() => undefined)));
  });
  await page.evaluate(readFileSync(axePath, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} — ${n.any.concat(n.all, n.none).map((c) => c.message).join("; ")}`).slice(0, 3).join(" | ")}`);
}
