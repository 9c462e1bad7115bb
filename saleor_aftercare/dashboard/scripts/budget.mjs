/**
 * Holds the build to its budget: what a browser must fetch, gzipped, before each screen can be shown.
 *
 * An entry counts with every chunk that it imports statically and the larger catalogue; each lazy
 * screen with what the inbox has not already brought. Exits 1 when something is too large.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const out = fileURLToPath(new URL("../../static/aftercare/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${out}.vite/manifest.json`, "utf8"));

/** In kB of gzip; widgets run on every order page of the Dashboard. */
const BUDGET = {
  app: { js: 240, css: 35 },
  widget: { js: 65, css: 5 },
  scan: { js: 240, css: 35 },
  screen: { js: 45, css: 4 },
};

const sizes = new Map();
function gzipped(file) {
  if (!sizes.has(file)) {
    sizes.set(file, gzipSync(readFileSync(out + file), { level: 9 }).length / 1000);
  }
  return sizes.get(file);
}

/** The files that one chunk needs, its imports' files included. */
function closure(key, files = new Set(), seen = new Set()) {
  const chunk = manifest[key];
  if (!seen.has(key)) {
    seen.add(key);
    files.add(chunk.file);
    for (const style of chunk.css ?? []) {
      files.add(style);
    }
    for (const imported of chunk.imports ?? []) {
      closure(imported, files, seen);
    }
  }
  return files;
}

function weigh(files) {
  const total = (ending) =>
    [...files].filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipped(file), 0);
  return { js: total(".js"), css: total(".css") };
}

let tooLarge = false;
function check(name, files, budget) {
  const size = weigh(files);
  const over = size.js > budget.js || size.css > budget.css;
  tooLarge ||= over;
  const column = (value, limit) => `${value.toFixed(1).padStart(6)} of ${String(limit).padStart(3)} kB`;
  console.log(
    `${over ? "TOO LARGE" : "fits     "}  ${name.padEnd(38)} js ${column(size.js, budget.js)}   css ${column(size.css, budget.css)}`,
  );
}

const app = closure("src/app/main.tsx");
const catalogues = Object.keys(manifest).filter((key) => key.endsWith(".messages.json"));
const largest = catalogues
  .map((key) => manifest[key].file)
  .sort((one, other) => gzipped(other) - gzipped(one))[0];
check("app (inbox)", new Set([...app, largest]), BUDGET.app);
check("scan (phone)", new Set([...closure("src/scan/main.tsx"), largest]), BUDGET.scan);
check("widget", closure("src/app/widget.tsx"), BUDGET.widget);
for (const key of Object.keys(manifest).sort()) {
  if (manifest[key].isDynamicEntry && !catalogues.includes(key)) {
    const own = [...closure(key)].filter((file) => !app.has(file));
    check(key.replace("src/features/", ""), new Set(own), BUDGET.screen);
  }
}
process.exit(tooLarge ? 1 : 0);
