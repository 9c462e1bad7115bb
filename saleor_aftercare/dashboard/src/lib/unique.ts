/** 128 random bits as text. `crypto.randomUUID` does not exist where the page is not served by HTTPS. */
export function uniqueKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
