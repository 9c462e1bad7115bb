import { isReplaced } from "./build";

/** Waits before a file is asked for again. */
const AGAIN_MS = [400, 1_600] as const;

/** A part of the app could not be fetched: the connection failed, or a newer version stands on the server. */
export class ChunkMissing extends Error {
  override name = "ChunkMissing";

  constructor(
    readonly replaced: boolean,
    cause: unknown,
  ) {
    super("a part of the app could not be fetched", { cause });
  }
}

/**
 * A part of the app that is fetched when it is first needed.
 *
 * Once there it stays. A fetch that fails is tried again, and then throws ChunkMissing; it is not
 * remembered, so that the next call asks anew.
 */
export function chunk<Module>(fetch: () => Promise<Module>): () => Promise<Module> {
  let known: Promise<Module> | undefined;
  return () => {
    known ??= persist(fetch).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function persist<Module>(fetch: () => Promise<Module>): Promise<Module> {
  for (const wait of [...AGAIN_MS, undefined]) {
    try {
      await fetchStyles();
      return await fetch();
    } catch (error) {
      const replaced = await isReplaced();
      if (replaced || wait === undefined) {
        throw new ChunkMissing(replaced, error);
      }
      await new Promise((resolve) => window.setTimeout(resolve, wait));
    }
  }
  throw new ChunkMissing(false, undefined);
}

/** Style sheets that could not be fetched. Vite takes each for fetched from its first failure on. */
const unstyled = new Set<string>();

document.addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") {
      unstyled.add(target.href);
      target.remove();
    }
  },
  true,
);

/** Fetches what is missing of style sheets, for what comes without its own would be unreadable. */
async function fetchStyles(): Promise<void> {
  await Promise.all(
    [...unstyled].map(
      (href) =>
        new Promise<void>((resolve, reject) => {
          const link = document.createElement("link");
          link.rel = "stylesheet";
          link.href = href;
          link.onload = () => {
            unstyled.delete(href);
            resolve();
          };
          link.onerror = () => reject(new Error(`no style sheet at ${href}`));
          document.head.append(link);
        }),
    ),
  );
}

/** Fetches parts that will be needed soon; one that cannot be had now is asked for again when it is. */
export function prefetch(...chunks: (() => Promise<unknown>)[]): void {
  for (const one of chunks) {
    one().catch(() => undefined);
  }
}
