// What a visit costs, gzipped: the desk's first screen, and every chunk that is loaded later.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_SCREEN_KB = 350;
const LAZY_CHUNK_KB = 220;

const dist = new URL("../desk/dist/", import.meta.url).pathname;
const manifestPath = new URL("../node_modules/.cache/manifest.json", import.meta.url).pathname;
if (!existsSync(manifestPath) || !existsSync(dist)) {
  console.error("sizes: build first (npm run build)");
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
const kb = (file) => gzipSync(readFileSync(join(dist, file))).length / 1024;

/** A chunk with everything it imports at once, scripts and styles. */
function closure(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return seen;
  seen.add(name);
  for (const other of chunk.imports ?? []) closure(other, seen);
  return seen;
}
const filesOf = (names) => new Set([...names].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]));

// One language is loaded: the larger one counts.
const LANGUAGES = ["src/i18n/zh-CN.json", "src/i18n/en.json"];
const words = LANGUAGES.toSorted(
  (a, b) => kb(manifest[b]?.file ?? "index.html") - kb(manifest[a]?.file ?? "index.html"),
)[0];
const FIRST = ["index.html", "src/app/Shell.tsx", "src/pages/desk/index.tsx", words];
const missing = FIRST.filter((name) => !manifest[name]);
if (missing.length > 0) {
  console.error(`sizes: not in the manifest: ${missing.join(", ")}`);
  process.exit(1);
}
const first = filesOf(FIRST.reduce((seen, name) => closure(name, seen), new Set()));
const firstKb = [...first].reduce((sum, file) => sum + kb(file), 0);
const lazy = Object.values(manifest)
  .map((chunk) => [chunk.file, kb(chunk.file)])
  .sort((a, b) => b[1] - a[1]);

console.log(`desk first screen: ${firstKb.toFixed(1)} KB gz in ${first.size} files (limit ${FIRST_SCREEN_KB})`);
console.log(`largest chunk: ${lazy[0][0]} ${lazy[0][1].toFixed(1)} KB gz (limit ${LAZY_CHUNK_KB})`);
const tooLarge = lazy.filter(([, size]) => size > LAZY_CHUNK_KB);
if (firstKb > FIRST_SCREEN_KB || tooLarge.length > 0) {
  console.error("sizes: over budget");
  process.exit(1);
}
