import { readFileSync } from "node:fs";
import { themes, vars } from "@saleor/macaw-ui";
import { describe, expect, it } from "vitest";

type Theme = "light" | "dark";
const AA_TEXT = 4.5;
const AA_CONTROL = 3;

const theme = readFileSync("src/lib/theme.css", "utf8");
const tokens = readFileSync("src/lib/tokens.css", "utf8");

/** The custom properties of a sheet under one theme; dark ones replace light ones. */
function properties(css: string, name: Theme): Map<string, string> {
  const blocks = [...css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)];
  const wanted = blocks.filter(([, selector]) => name === "dark" || !selector?.includes("dark"));
  return new Map(
    wanted.flatMap(([, , body]) =>
      [...(body ?? "").matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(
        ([, key = "", value = ""]) => [key, value] as const,
      ),
    ),
  );
}

function resolve(name: string, all: Map<string, string>): string {
  const value = all.get(name) ?? "";
  const reference = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return reference ? resolve(reference, all) : value;
}

/** Linear light of a colour, as red, green and blue from 0 to 1. */
function linear(color: string): [number, number, number] {
  const numbers = (color.match(/-?[\d.]+/g) ?? []).map(Number);
  const [a = 0, b = 0, c = 0] = numbers;
  if (color.startsWith("oklch")) {
    return oklchToLinear(a / 100, b, c);
  }
  const channel = (n: number) => {
    const k = (n + a / 30) % 12;
    const saturation = (b / 100) * Math.min(c / 100, 1 - c / 100);
    const value = c / 100 - saturation * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(8), channel(4)];
}

// https://www.w3.org/TR/css-color-4/#color-conversion-code
function oklchToLinear(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function contrast(one: string, other: string): number {
  const luminance = ([red, green, blue]: [number, number, number]) =>
    0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [light = 0, dark = 0] = [luminance(linear(one)), luminance(linear(other))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["light", "dark"] as const)("colours of the %s theme", (name) => {
  const all = properties(`${tokens}${theme}`, name);
  const color = (property: string) => resolve(property, all);

  it.each(["neutral", "error", "attention", "warning", "success", "info"])(
    "%s pills are readable",
    (tone) => {
      const ratio = contrast(color(`--ac-pill-${tone}-text`), color(`--ac-pill-${tone}-bg`));
      expect(ratio).toBeGreaterThanOrEqual(AA_TEXT);
    },
  );

  it.each([
    ["--ac-text-muted", "--ac-surface"],
    ["--ac-text-muted", "--ac-surface-2"],
    ["--ac-text", "--ac-surface-2"],
    ["--ac-danger", "--ac-surface"],
    ["--ac-danger", "--ac-surface-2"],
    ["--ac-link", "--ac-surface"],
    ["--ac-note-text", "--ac-note-bg"],
  ])("%s is readable on %s", (text, background) => {
    expect(contrast(color(text), color(background))).toBeGreaterThanOrEqual(AA_TEXT);
  });

  it("shows where the focus is", () => {
    expect(contrast(color("--ac-focus"), color("--ac-surface"))).toBeGreaterThanOrEqual(AA_CONTROL);
  });
});

describe("tokens.css", () => {
  it("says what the installed macaw-ui says", () => {
    for (const [name, values] of [
      ["light", themes.defaultLight],
      ["dark", themes.defaultDark],
    ] as const) {
      const all = properties(tokens, name);
      const property = vars.colors.background.default1.replace(/^var\((--[\w-]+)\)$/, "$1");
      expect(all.get(property)).toBe(values.colors.background.default1);
      const text = vars.colors.text.default1.replace(/^var\((--[\w-]+)\)$/, "$1");
      expect(all.get(text)).toBe(values.colors.text.default1);
    }
  });
});
