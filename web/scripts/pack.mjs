// After the build: gzip what is worth it (the server sends the packed file as it is), and take the manifest out of what is served.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const WORTH_IT_BYTES = 1024;

const dist = new URL("../desk/dist/", import.meta.url).pathname;
const cache = new URL("../node_modules/.cache/", import.meta.url).pathname;
mkdirSync(cache, { recursive: true });
renameSync(join(dist, ".vite/manifest.json"), join(cache, "manifest.json"));
rmSync(join(dist, ".vite"), { recursive: true });

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (!/\.(js|css|svg|html|json|webmanifest)$/.test(name) || statSync(path).size < WORTH_IT_BYTES) continue;
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
