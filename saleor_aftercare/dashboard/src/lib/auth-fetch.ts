import { appBridge, nextToken } from "./bridge";
import type { Transport } from "./transport";

/** How long a rejected token may take to be replaced by the Dashboard. */
const TOKEN_WAIT_MS = 3_000;

/** The Dashboard no longer vouches for this person: the browser tab must be reloaded. */
export class SessionExpired extends Error {
  override name = "SessionExpired";
}

/**
 * `fetch` with the newest staff token, read at each call because it lives five minutes only.
 *
 * A 401 waits for the Dashboard's next token and tries once more; throws SessionExpired when none
 * comes, or when the fresh one is refused as well.
 */
export async function authFetch(
  url: string,
  init: RequestInit,
  transport: Transport = fetch,
): Promise<Response> {
  const first = currentToken() ?? (await nextToken(TOKEN_WAIT_MS));
  if (first === undefined) {
    throw new SessionExpired();
  }
  const response = await send(url, init, first, transport);
  if (response.status !== 401) {
    return response;
  }
  const held = currentToken();
  const second = held !== first ? held : await nextToken(TOKEN_WAIT_MS);
  if (second === undefined) {
    throw new SessionExpired();
  }
  const retried = await send(url, init, second, transport);
  if (retried.status === 401) {
    throw new SessionExpired();
  }
  return retried;
}

const currentToken = (): string | undefined => appBridge().getState().token;

function send(url: string, init: RequestInit, token: string, transport: Transport): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  headers.set("Saleor-Api-Url", appBridge().getState().saleorApiUrl);
  // Explanations that the service writes are to be in the Dashboard's language, not the browser's.
  headers.set("Accept-Language", appBridge().getState().locale);
  return transport(url, { ...init, headers, credentials: "omit" });
}
