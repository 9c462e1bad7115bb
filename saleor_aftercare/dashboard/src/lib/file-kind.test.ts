import { describe, expect, it } from "vitest";
import { refusalOf } from "./file-kind";

const file = (...bytes: number[]) => new File([new Uint8Array(bytes)], "file");
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

describe("what the service would refuse", () => {
  it.each([
    ["JPEG", file(0xff, 0xd8, 0xff, 0xe0, 0)],
    ["PNG", file(0x89, ...ascii("PNG"), 13, 10, 0)],
    ["GIF", file(...ascii("GIF89a"), 0)],
    ["WebP", file(...ascii("RIFF"), 9, 0, 0, 0, ...ascii("WEBP"))],
    ["PDF", file(...ascii("%PDF-1.7"), 0)],
    ["text in any language", new File(["請求書\n"], "memo.csv")],
  ])("is not %s", async (_kind, one) => {
    expect(await refusalOf(one, 1_000)).toBeUndefined();
  });

  it.each([
    ["empty", file()],
    ["large", new File(["x".repeat(1_001)], "file")],
    ["kind", file(...ascii("RIFF"), 9, 0, 0, 0, ...ascii("WAVE"))],
    ["kind", file(0, 0, 0, 24, ...ascii("ftypheic"))],
    ["kind", file(0x83, 0x65)],
  ])("is what is %s", async (why, one) => {
    expect(await refusalOf(one, 1_000)).toBe(why);
  });
});
