import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { devHost } from "./vite/dev-host.ts";
import { fontLicence } from "./vite/font-licence.ts";
import { icuMessages } from "./vite/icu.ts";
import { macawTrimmed } from "./vite/macaw-css.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: "",
  publicDir: false,
  plugins: [icuMessages(), macawTrimmed(), react(), fontLicence(), devHost()],
  resolve: {
    alias: {
      "@": path("./src"),
      // The catalogues are compiled at build time; only tests and the dev server need the parser.
      ...(mode === "production" && {
        "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js",
      }),
    },
  },
  // The mock shop of tests and development reads the committed schema.
  server: { fs: { allow: [path("."), path("../graphql")] } },
  build: {
    outDir: path("../static/aftercare"),
    emptyOutDir: true,
    manifest: true,
    // The licences of everything bundled travel with it, in .vite/license.md.
    license: true,
    target: "es2022",
    // `font-src 'self'` allows no data: fonts, and a hashed file is cached for ever anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        app: path("./src/app/main.tsx"),
        widget: path("./src/app/widget.tsx"),
        scan: path("./src/scan/main.tsx"),
      },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    testTimeout: 30_000,
    maxWorkers: 2,
  },
}));
