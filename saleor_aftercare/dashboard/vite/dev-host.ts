import type { Plugin } from "vite";

export function devHost(): Plugin {
  return { name: "dev-host", apply: "serve" };
}
