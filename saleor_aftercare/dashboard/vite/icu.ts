import { readFileSync } from "node:fs";
import { parse } from "@formatjs/icu-messageformat-parser";
import type { Plugin } from "vite";
import { pack } from "../src/lib/catalogue.ts";

/**
 * Compiles `*.messages.json` catalogues from ICU text to syntax trees at build time, so that no
 * message parser is shipped to the browser.
 */
export function icuMessages(): Plugin {
  return {
    name: "icu-messages",
    enforce: "pre",
    load(id) {
      const file = id.split("?")[0] ?? id;
      if (!file.endsWith(".messages.json")) {
        return null;
      }
      const messages = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
      const compiled = Object.fromEntries(
        Object.entries(messages).map(([key, text]) => [key, parse(text, { captureLocation: false })]),
      );
      // A module, not JSON: the ending would otherwise send it through the JSON plugin as well.
      return {
        code: `import { unpack } from "@/lib/catalogue";
export default unpack(JSON.parse(${JSON.stringify(JSON.stringify(pack(compiled)))}));`,
        moduleType: "js",
      };
    },
  };
}
