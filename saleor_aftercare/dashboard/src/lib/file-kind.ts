/** First bytes of what the service takes: JPEG, PNG, GIF, and PDF. WebP has its name a little later. */
const BEGINNINGS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x25, 0x50, 0x44, 0x46, 0x2d],
];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/** Why the service would refuse a file, by its content as the service judges it; undefined: it would not. */
export async function refusalOf(file: File, limit: number): Promise<"empty" | "large" | "kind" | undefined> {
  if (file.size === 0) {
    return "empty";
  }
  if (file.size > limit) {
    return "large";
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  return isPictureOrPdf(bytes) || isText(bytes) ? undefined : "kind";
}

const has = (bytes: Uint8Array, what: readonly number[], at = 0): boolean =>
  what.every((byte, index) => bytes[at + index] === byte);

const isPictureOrPdf = (bytes: Uint8Array): boolean =>
  BEGINNINGS.some((beginning) => has(bytes, beginning)) || (has(bytes, RIFF) && has(bytes, WEBP, 8));

function isText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder("utf-8", { fatal: true }).decode(bytes).includes("\0");
  } catch {
    return false;
  }
}
