/** Milliseconds that the shop's clock is ahead of this machine's. */
let ahead = 0;

/** Learns the shop's time from an answer's headers: ages and due times follow its clock, not this machine's. */
export function learnTime(headers: Headers): void {
  const said = headers.get("Aftercare-Now") ?? headers.get("Date");
  const then = said === null ? Number.NaN : Date.parse(said);
  if (!Number.isNaN(then)) {
    const difference = then - Date.now();
    // The Date header is cut to the second and the answer took its way; small differences mean nothing.
    ahead = Math.abs(difference) < 5_000 ? 0 : difference;
  }
}

/** The present moment by the shop's clock. */
export const now = (): number => Date.now() + ahead;
