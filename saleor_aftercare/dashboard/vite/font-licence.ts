import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Lays the font's licence beside the font; the bundler's own list knows packages of code only. */
export function fontLicence(): Plugin {
  return {
    name: "font-licence",
    apply: "build",
    generateBundle() {
      const source = readFileSync("node_modules/@fontsource-variable/inter/LICENSE", "utf8");
      this.emitFile({ type: "asset", fileName: "assets/inter-licence.txt", source });
    },
  };
}
