import type { Plugin } from "vite";

/**
 * Cuts macaw-ui's style sheet down to what this app can use.
 *
 * It drops the 48 font faces (3.7 MB of files) and its font choice: we ship one Latin subset of
 * Inter and leave Japanese to the system. It also drops the responsive variants of every utility
 * class, two thirds of the sheet: our layouts answer to width in their own style sheets.
 */
export function macawTrimmed(): Plugin {
  return {
    name: "macaw-trimmed",
    enforce: "pre",
    transform(code, id) {
      return id.includes("macaw-ui/dist/style.css") ? { code: trim(code), map: null } : null;
    },
  };
}

function trim(css: string): string {
  const kept = [];
  for (const rule of topLevelRules(css)) {
    const fontRule = rule.startsWith("@font-face") || rule.startsWith("html{font-family");
    const responsive = rule.startsWith("@media") && /^@media[^{]*min-width/.test(rule);
    if (!fontRule && !responsive && !rule.startsWith("@supports (font-variation-settings")) {
      kept.push(rule);
    }
  }
  return kept.join("\n");
}

/** Splits a style sheet at the braces that close its outermost rules. */
function topLevelRules(css: string): string[] {
  const rules = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < css.length; at++) {
    if (css[at] === "{") {
      depth++;
    } else if (css[at] === "}" && --depth === 0) {
      rules.push(css.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return rules;
}
