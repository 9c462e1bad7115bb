import { hideBar, showBar } from "./bars";

/**
 * Which build of the dashboard this page runs, and which one the service has by now.
 *
 * A build is named by its entry's file, whose name changes with anything in it or behind it.
 */
let own: string | undefined;
/** Answers in a row that came from another build. */
let strange = 0;
let gone = false;

/** So many answers make a newer version: while one is being rolled out, old and new take turns. */
const SURE = 3;

const nameOf = (url: string): string => url.replace(/[?#].*$/, "").replace(/^.*\//, "");

/** Says which build this page is. Told by the entry module, whose address it is. */
export function runBuild(url: string): void {
  own = nameOf(url);
  strange = 0;
  gone = false;
}

/** Learns from an answer's headers which build the service would start now. */
export function learnBuild(headers: Headers): void {
  const said = headers.get("Aftercare-Build");
  if (said === null || own === undefined || gone) {
    return;
  }
  strange = said === own ? 0 : strange + 1;
  if (strange === 0) {
    hideBar("version");
  } else if (strange === SURE) {
    showBar("version");
  }
}

/**
 * Whether the service has replaced this build, by asking for the page that would start now; the
 * person is told when it has. False when it cannot be asked.
 */
export async function isReplaced(): Promise<boolean> {
  if (own === undefined) {
    return false;
  }
  try {
    const response = await fetch(window.location.href, { cache: "no-store", credentials: "omit" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const entry = page.querySelector("script[type=module][src]")?.getAttribute("src");
    gone ||= response.ok && entry != null && nameOf(entry) !== own;
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    // The network is down, which says nothing about builds.
    return false;
  }
  if (gone) {
    showBar("version");
  }
  return gone;
}
