import { ScannerPhonePairDocument } from "@/gql/receiving";
import { standAlone } from "@/lib/bridge";
import { accepted } from "@/lib/mutation";

interface Held {
  token: string;
  expiresAt: string;
}

/** What the page's own HTML says about the shop. */
export interface ShopPage {
  apiUrl: string;
  handle: string;
  language: string;
}

const nameOf = (page: ShopPage): string => `aftercare-scan-${page.handle}`;

function read(page: ShopPage): Held | undefined {
  try {
    const held = JSON.parse(localStorage.getItem(nameOf(page)) ?? "null") as Held | null;
    return held && Date.parse(held.expiresAt) > Date.now() ? held : undefined;
  } catch {
    return undefined;
  }
}

export function forget(page: ShopPage): void {
  try {
    localStorage.removeItem(nameOf(page));
  } catch {
    // A browser without storage has nothing to forget.
  }
  speakAs(page, undefined);
}

function speakAs(page: ShopPage, token: string | undefined): void {
  standAlone({ token, saleorApiUrl: page.apiUrl, language: page.language });
}

/**
 * Trades the link's secret for this phone's token, or takes the token of today; false when there is neither.
 * The secret stands behind the # of the address, is good once, and is taken out of the address at once.
 */
export async function enter(page: ShopPage): Promise<boolean> {
  const link = decodeURIComponent(window.location.hash.slice(1));
  if (link !== "") {
    window.history.replaceState(null, "", window.location.pathname);
    const held = await pair(page, link);
    if (held) {
      try {
        localStorage.setItem(nameOf(page), JSON.stringify(held));
      } catch {
        // Without storage the phone is paired until the page is closed.
      }
      speakAs(page, held.token);
      return true;
    }
  }
  const held = read(page);
  speakAs(page, held?.token);
  return held !== undefined;
}

async function pair(page: ShopPage, link: string): Promise<Held | undefined> {
  const response = await fetch("/graphql/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Saleor-Api-Url": page.apiUrl },
    credentials: "omit",
    body: JSON.stringify({ query: ScannerPhonePairDocument, variables: { link, device: device() } }),
  });
  const answer = (await response.json()) as {
    data?: { scannerPhonePair: { token: string | null; expiresAt: string | null; errors: [] } };
  };
  try {
    const { token, expiresAt } = accepted(answer.data?.scannerPhonePair);
    return token !== null && expiresAt !== null ? { token, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}

/** "iPhone", "Pixel 9": the model, as far as the browser says it. */
function device(): string {
  const inside = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1]?.split(";") ?? [];
  const parts = inside.map((part) => part.trim());
  return (parts[0] === "Linux" ? (parts[2] ?? parts[1]) : parts[0])?.slice(0, 100) ?? "";
}
