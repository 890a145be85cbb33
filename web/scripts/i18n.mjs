// Words: every key in both languages and used by the code, no Chinese in code, the same placeholders on both sides.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = new URL("../desk/src/", import.meta.url).pathname;
const files = readdirSync(root, { recursive: true })
  .map((name) => join(root, name))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name));

const flat = (node, prefix = "") =>
  Object.entries(node).flatMap(([key, value]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return typeof value === "string" ? [[path, value]] : flat(value, path);
  });
const load = (name) => new Map(flat(JSON.parse(readFileSync(join(root, "i18n", name), "utf8"))));
const zh = load("zh-CN.json");
const en = load("en.json");
const problems = [];

const literals = new Set();
const patterns = new Set();
for (const file of files) {
  const text = readFileSync(file, "utf8");
  if (/[\u3000-\u9fff\uff00-\uffef]/.test(text)) problems.push(`${relative(root, file)}: Chinese text in code`);
  // Any string that names a key counts as a use: keys also travel through variables and conditional expressions.
  for (const [, literal] of text.matchAll(/["']([a-z][A-Za-z]*(?:\.[A-Za-z0-9_-]+)+)["']/g))
    if (zh.has(literal)) literals.add(literal);
  for (const [, literal] of text.matchAll(/\bt\(\s*["']([^"']+)["']/g)) literals.add(literal);
  // Simple templates are looked for on their own too: they also stand inside of longer ones.
  const templates = [...text.matchAll(/`([^`]*\$\{[^`]*)`/g), ...text.matchAll(/`([\w.-]*\$\{[^`{}]*\}[\w.-]*)`/g)];
  for (const [, template] of templates) {
    const pattern = template.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "\0");
    if (/^[a-z\0][A-Za-z0-9_.\0-]*$/i.test(pattern) && pattern.includes(".")) {
      patterns.add(`^${pattern.replace(/\./g, "\\.").replaceAll("\0", "[A-Za-z0-9_-]+")}$`);
    }
  }
}
const regexes = [...patterns].map((pattern) => new RegExp(pattern));
const base = (key) => key.replace(/_(one|other|zero)$/, "");
const isUsed = (key) => literals.has(key) || literals.has(base(key)) || regexes.some((regex) => regex.test(key));
const has = (map, key) => map.has(key) || map.has(`${key}_other`);

for (const literal of literals) {
  if (!has(zh, literal)) problems.push(`zh-CN lacks ${literal}`);
  if (!has(en, literal)) problems.push(`en lacks ${literal}`);
}
for (const key of zh.keys()) {
  if (!has(en, base(key))) problems.push(`en lacks ${key}`);
  if (!isUsed(key)) problems.push(`nobody uses ${key}`);
}
const holes = (text) =>
  [...(text ?? "").matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name]) => name)
    .sort()
    .join();
for (const [key, text] of en) {
  if (!has(zh, base(key))) problems.push(`zh-CN lacks ${key}`);
  const other = zh.get(key) ?? zh.get(`${base(key)}_other`) ?? zh.get(base(key));
  // A singular may leave its number out.
  if (!key.endsWith("_one") && other !== undefined && holes(text) !== holes(other))
    problems.push(`${key}: placeholders differ`);
  if (
    /[\u3000-\u9fff]/.test(text) &&
    key !== "user.otherLanguage" &&
    key !== "profile.zh" &&
    !key.startsWith("config.zh")
  ) {
    problems.push(`en ${key} has Chinese text`);
  }
  if (/[!\uff01]/.test(text)) problems.push(`${key}: no exclamation marks`);
}

for (const problem of problems) console.error(problem);
console.log(`i18n: ${zh.size} keys, ${files.length} files, ${problems.length} problems`);
if (process.argv.includes("--keys")) for (const literal of [...literals].sort()) console.log(literal);
if (process.argv.includes("--keys")) for (const pattern of [...patterns].sort()) console.log(pattern);
process.exit(problems.length > 0 ? 1 : 0);
