/**
 * Writes src/lib/tokens.css: the design tokens of macaw-ui, light and dark, as custom properties.
 *
 * The widgets run on every order page and cannot afford macaw's JavaScript; with this file they
 * look the same without it. Run after an upgrade of macaw-ui: `node scripts/tokens.mjs`.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { themes, vars } from "@saleor/macaw-ui";

/** Pairs of custom property and value, by walking the contract and the theme in step. */
function pairs(contract, values) {
  if (typeof contract === "string") {
    return [[contract.replace(/^var\((--[^),]+).*$/, "$1"), String(values)]];
  }
  return Object.keys(contract).flatMap((key) => pairs(contract[key], values[key]));
}

const light = pairs(vars, themes.defaultLight);
const dark = pairs(vars, themes.defaultDark).filter(([, value], index) => light[index][1] !== value);
const block = (selector, list) =>
  `${selector} {\n${list.map(([name, value]) => `  ${name}: ${value};`).join("\n")}\n}\n`;
const css = `/* Generated from @saleor/macaw-ui by scripts/tokens.mjs. */\n${block(":root", light)}${block(':root[data-theme="dark"]', dark)}`;
writeFileSync(fileURLToPath(new URL("../src/lib/tokens.css", import.meta.url)), css);
console.log(`Wrote ${light.length} tokens, ${dark.length} of them different in dark.`);
