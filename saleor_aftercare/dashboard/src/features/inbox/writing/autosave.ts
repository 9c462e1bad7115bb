import { useEffect, useRef, useState } from "react";
import { WritingSaveDocument } from "@/gql/writing";
import { onBeforeLeaving } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { type DraftKind, draftKept, draftOf, lacksFiles, unkeptDrafts, useDraft } from "../drafts";

const IDLE_MS = 800;
const AGAIN_MS = 5_000;
/** One save of a draft at a time: the next goes on from the version that the one before made. */
const underWay = new Map<string, Promise<void>>();

async function save(ticketId: string, kind: DraftKind): Promise<void> {
  const sent = draftOf(ticketId, kind);
  if (sent.changes === 0) {
    return;
  }
  const input = {
    isNote: kind === "note",
    body: sent.text,
    version: sent.version,
    cc: sent.cc.filter((one) => one.includes("@")),
    seenMessageId: sent.lastSeen ?? null,
  };
  const { ticketDraftSave } = await execute(WritingSaveDocument, { id: ticketId, input });
  const { draft } = accepted(ticketDraftSave);
  if (draft) {
    draftKept(ticketId, sent, draft);
  }
}

/** Keeps a draft now; one that is being kept is waited for first. Throws what the service says. */
export function keepDraft(ticketId: string, kind: DraftKind): Promise<void> {
  const key = `${kind}:${ticketId}`;
  const before = underWay.get(key) ?? Promise.resolve();
  const next = before.catch(() => undefined).then(() => save(ticketId, kind));
  underWay.set(key, next);
  void next
    .catch(() => undefined)
    .then(() => {
      if (underWay.get(key) === next) {
        underWay.delete(key);
      }
    });
  return next;
}

/** Has everything kept that is written in any conversation; throws where that fails, or a file is on its way. */
onBeforeLeaving(() =>
  Promise.all(
    unkeptDrafts().map(async ({ ticketId, kind, draft }) => {
      await keepDraft(ticketId, kind);
      if (lacksFiles(draft)) {
        throw new Error("a file is still on its way");
      }
    }),
  ),
);

/** Waits until nothing of a draft is being kept; what failed is no matter to whoever sends it. */
export const settled = (ticketId: string, kind: DraftKind): Promise<void> =>
  (underWay.get(`${kind}:${ticketId}`) ?? Promise.resolve()).catch(() => undefined);

/** Has a draft kept when its writer pauses, and when they go elsewhere. Says whether that fails at present. */
export function useAutosave(ticketId: string, kind: DraftKind, paused: boolean): boolean {
  const { changes } = useDraft(ticketId, kind);
  const [failing, setFailing] = useState(false);
  const [round, setRound] = useState(0);
  const busy = useRef(paused);
  busy.current = paused;

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change and every round starts the pause anew
  useEffect(() => {
    if (changes === 0 || paused) {
      return;
    }
    const keep = () => {
      keepDraft(ticketId, kind).then(
        () => setFailing(false),
        () => {
          setFailing(true);
          setRound((one) => one + 1);
        },
      );
    };
    const timer = window.setTimeout(keep, failing ? AGAIN_MS : IDLE_MS);
    return () => window.clearTimeout(timer);
  }, [ticketId, kind, changes, round, paused]);

  useEffect(
    () => () => {
      if (draftOf(ticketId, kind).changes > 0 && !busy.current) {
        // It stays in memory, and is kept with the next change or visit.
        keepDraft(ticketId, kind).catch(() => undefined);
      }
    },
    [ticketId, kind],
  );
  return failing && changes > 0;
}
