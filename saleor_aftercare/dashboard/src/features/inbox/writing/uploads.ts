import { WritingAttachDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { accepted, Refusal } from "@/lib/mutation";
import { telling } from "@/lib/transport";
import { draftOf, noteDraft, type Uploading } from "../drafts";

let count = 0;
const underWay = new Map<number, AbortController>();
/** One file after the other of a conversation: each answer brings the list of all of them. */
const turns = new Map<string, Promise<void>>();

/** Sends files to where the answer is kept; what has failed stays there until it is tried again or put away. */
export function uploadFiles(ticketId: string, files: readonly File[]): void {
  const fresh = files.map((file): Uploading => {
    count += 1;
    return { id: count, file, state: "waiting", share: 0 };
  });
  change(ticketId, (uploading) => [...uploading, ...fresh]);
  for (const { id } of fresh) {
    enqueue(ticketId, id);
  }
}

export function retryUpload(ticketId: string, id: number): void {
  mark(ticketId, id, { state: "waiting", share: 0, error: undefined });
  enqueue(ticketId, id);
}

export function cancelUpload(ticketId: string, id: number): void {
  drop(ticketId, id);
  underWay.get(id)?.abort();
}

const drop = (ticketId: string, id: number): void =>
  change(ticketId, (uploading) => uploading.filter((one) => one.id !== id));

function enqueue(ticketId: string, id: number): void {
  turns.set(
    ticketId,
    (turns.get(ticketId) ?? Promise.resolve()).then(() => send(ticketId, id)),
  );
}

async function send(ticketId: string, id: number): Promise<void> {
  const upload = draftOf(ticketId, "reply").uploading.find((one) => one.id === id);
  if (!upload) {
    return;
  }
  const controller = new AbortController();
  underWay.set(id, controller);
  mark(ticketId, id, { state: "sending" });
  try {
    const { ticketDraftAttach } = await execute(
      WritingAttachDocument,
      { id: ticketId, files: [upload.file] },
      controller.signal,
      telling((share) => noteShare(ticketId, id, share)),
    );
    const { draft } = accepted(ticketDraftAttach);
    const { version } = draftOf(ticketId, "reply");
    drop(ticketId, id);
    if (draft) {
      noteDraft(ticketId, "reply", {
        files: draft.attachments,
        version: Math.max(version, draft.version),
      });
    }
  } catch (error) {
    // What was cancelled is not there any more, and nothing is marked.
    mark(ticketId, id, { state: error instanceof Refusal ? "refused" : "failed", error });
  } finally {
    underWay.delete(id);
  }
}

/** Told in whole hundredths: more often than that nobody sees. */
function noteShare(ticketId: string, id: number, share: number): void {
  const percent = Math.floor(share * 100) / 100;
  if (draftOf(ticketId, "reply").uploading.some((one) => one.id === id && one.share !== percent)) {
    mark(ticketId, id, { share: percent });
  }
}

const mark = (ticketId: string, id: number, part: Partial<Uploading>): void =>
  change(ticketId, (uploading) => uploading.map((one) => (one.id === id ? { ...one, ...part } : one)));

function change(ticketId: string, to: (uploading: readonly Uploading[]) => readonly Uploading[]): void {
  noteDraft(ticketId, "reply", { uploading: to(draftOf(ticketId, "reply").uploading) });
}
