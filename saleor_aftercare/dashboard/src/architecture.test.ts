import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface SourceFile {
  path: string;
  text: string;
}

function files(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "gql" ? [] : files(path);
    }
    return /\.(tsx?|css|graphql)$/.test(entry.name) ? [{ path, text: readFileSync(path, "utf8") }] : [];
  });
}

const all = files("src");
const shipped = all.filter(({ path }) => !path.includes(".test.") && !path.startsWith("src/testing/"));
const layer = (path: string): string => path.split("/")[1] ?? "";
const feature = (path: string): string | undefined => /features\/([^/"]+)/.exec(path)?.[1];

/** What a file imports, as paths from `src`. */
function imports({ path, text }: SourceFile): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(([, target = ""]) =>
    target.startsWith("@/")
      ? `src/${target.slice(2)}`
      : target.startsWith(".")
        ? join(path, "..", target)
        : target,
  );
}

const LOWER: Record<string, string[]> = {
  lib: ["lib", "gql"],
  components: ["components", "lib", "gql"],
  features: ["features", "components", "lib", "gql"],
  app: ["app", "features", "components", "lib", "gql"],
  scan: ["scan", "features", "components", "lib", "gql"],
};
/** Stands on a page of its own, or opens tabs only there. */
const outsideTheFrame = (path: string): boolean =>
  path.startsWith("src/scan/") || path === "src/lib/bridge.ts";

describe("the dashboard's house rules", () => {
  it("imports go down only", () => {
    const upward = shipped.flatMap((file) =>
      imports(file)
        .filter((target) => target.startsWith("src/") && !LOWER[layer(file.path)]?.includes(layer(target)))
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it("features do not import each other", () => {
    const across = shipped.flatMap((file) =>
      imports(file)
        .filter((target) => feature(file.path) && feature(target) && feature(file.path) !== feature(target))
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(across).toEqual([]);
  });

  it("widgets do without macaw's code, the query library and react-intl", () => {
    const heavy = shipped
      .filter(({ path }) => path.startsWith("src/features/widgets/") || path === "src/app/widget.tsx")
      .filter(({ text }) =>
        /from "(@saleor\/macaw-ui|@tanstack|react-intl|@\/components\/(?!pill"))/.test(text),
      );
    expect(heavy.map(({ path }) => path)).toEqual([]);
  });

  it("no file is longer than 400 lines", () => {
    const long = all.filter(
      ({ path, text }) => !path.endsWith("tokens.css") && text.split("\n").length > 400,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it("nothing uses what the Dashboard's frame forbids", () => {
    const forbidden =
      /\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b|location\.(reload|assign|replace)\(|location\.href\s*=|window\.(alert|confirm|prompt|print|open)\(|navigator\.clipboard|pushState\(/;
    const framed = shipped.filter(({ path }) => /\.tsx?$/.test(path) && !outsideTheFrame(path));
    const users = framed.filter(({ text }) => forbidden.test(text));
    expect(users.map(({ path }) => path)).toEqual([]);
  });
});
