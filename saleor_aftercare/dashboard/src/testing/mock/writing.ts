import { shown } from "./root";
import type { MockTicket } from "./types";
import type { World } from "./world";
import type { MockCanned, MockDraft, MockMacro, MockPresence } from "./writing-story";

type Code = "INVALID" | "NOT_FOUND" | "CONFLICT" | "STALE_THREAD";
type Id = { id: string };

const problem = (code: Code, message: string, field: string | null = null) => ({
  errors: [{ code, message, field }],
});
const keyOf = (ticketId: string, isNote: boolean) => `${ticketId}:${isNote}`;

/** What a conversation shows of what is being written in it. */
export const writingFields = (
  world: World,
  ticket: MockTicket,
): { drafts: MockDraft[]; presence: MockPresence[]; signature: string } => ({
  drafts: [true, false].flatMap((isNote) => world.drafts.get(keyOf(ticket.id, isNote)) ?? []),
  presence: world.presence.filter((one) => one.ticketId === ticket.id),
  signature: `${world.me.name}\n${world.settings.senderName}`,
});

function filled(canned: MockCanned, ticket: MockTicket) {
  const text = canned.texts.find(({ language }) => language === ticket.language) ?? canned.texts[0];
  const values: Record<string, string | undefined> = {
    "customer.name": ticket.person.name,
    "order.number": ticket.order?.number,
  };
  const missing: string[] = [];
  const words = (text?.text ?? "").replace(/\{\{ ([\w.]+) \}\}/g, (written, name: string) => {
    const value = values[name];
    if (value === undefined) {
      missing.push(name);
    }
    return value ?? written;
  });
  return { cannedReply: canned, text: words, language: text?.language ?? "en", missing };
}

export function writingQueries(world: World) {
  const ticketOf = (id: string) => world.tickets.find((one) => one.id === id);
  return {
    writingPreferences: () => world.writing,
    replyPreview: ({ body }: { body: string }) =>
      `<p>${body.replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")}</p>`,
    cannedReplies: () => world.canned,
    cannedReplySuggestions: () => world.canned.slice(1, 2),
    cannedReplyFilled: ({ id, ticketId }: Id & { ticketId: string }) => {
      const canned = world.canned.find((one) => one.id === id);
      const ticket = ticketOf(ticketId);
      return canned && ticket ? filled(canned, ticket) : null;
    },
    templateVariables: [
      { name: "customer.name", description: "The customer's name" },
      { name: "order.number", description: "The number of the order" },
    ],
    macros: () => world.macros,
    macroPlan: ({ id, ticketId }: Id & { ticketId: string }) => {
      const macro = world.macros.find((one) => one.id === id);
      const ticket = ticketOf(ticketId);
      return macro && ticket ? planOf(macro, ticket) : null;
    },
  };
}

function planOf(macro: MockMacro, ticket: MockTicket) {
  const steps = macro.steps.map((step) => ({
    do: step.do,
    summary:
      step.do === "REPLY" ? `Answer ${ticket.person.name}` : `Approve ${ticket.returns[0]?.number ?? ""}`,
    detail: step.texts[0]?.text.replace("{{ customer.name }}", ticket.person.name) ?? "",
    movesMoney: step.do === "SETTLE_RETURN",
    amount: null,
    problem:
      step.do === "APPROVE_RETURN" && ticket.returns[0]?.state !== "REQUESTED"
        ? "No return of this conversation is ready for it."
        : "",
  }));
  return {
    macro,
    steps,
    movesMoney: false,
    possible: steps.every((step) => step.problem === ""),
    // Neither reading it nor saving a draft changes what was shown.
    fingerprint: `${ticket.thread.length}:${ticket.state}`,
  };
}

/** What each press of a button has done, by its key. */
const PRESSES = new WeakMap<World, Map<string, unknown>>();

function once<Done>(world: World, key: string | undefined, act: () => Done): Done {
  const presses = PRESSES.get(world) ?? new Map<string, unknown>();
  PRESSES.set(world, presses);
  if (key === undefined || !presses.has(key)) {
    const done = act();
    if (
      key !== undefined &&
      !("errors" in (done as object) && (done as { errors: unknown[] }).errors.length)
    ) {
      presses.set(key, done);
    }
    return done;
  }
  return presses.get(key) as Done;
}

interface ReplyInput {
  body: string;
  key?: string;
  lastSeenMessageId: string;
  force?: boolean;
  move?: string;
  attachmentIds?: string[];
  holdSeconds?: number;
}

export function writingMutations(world: World) {
  const onTicket = <Answer>(id: string, act: (ticket: MockTicket) => Answer) => {
    const ticket = world.tickets.find((one) => one.id === id);
    if (!ticket) {
      return problem("NOT_FOUND", "There is no such ticket");
    }
    const answer = act(ticket);
    world.touch(ticket);
    return answer;
  };
  const draftOf = (ticketId: string, isNote: boolean): MockDraft => {
    const known = world.drafts.get(keyOf(ticketId, isNote)) ?? {
      id: world.id("TicketDraft"),
      isNote,
      body: "",
      language: "",
      cc: [],
      attachments: [],
      version: 0,
      seenMessageId: null,
      updatedAt: world.ago(0),
    };
    world.drafts.set(keyOf(ticketId, isNote), known);
    return known;
  };
  const store = (ticketId: string, draft: MockDraft) => {
    const kept = { ...draft, version: draft.version + 1 };
    world.drafts.set(keyOf(ticketId, draft.isNote), kept);
    return kept;
  };

  return {
    ticketReply: ({ id, input }: Id & { input: ReplyInput }) =>
      onTicket(id, (ticket) =>
        once(world, input.key, () => {
          if (!input.force && ticket.thread.at(-1)?.id !== input.lastSeenMessageId) {
            return problem("STALE_THREAD", "Newer messages have arrived");
          }
          const draft = draftOf(id, false);
          const attachments = draft.attachments.filter((file) => input.attachmentIds?.includes(file.id));
          const message = world.message("STAFF", world.me, 0, input.body, {
            delivery: "PENDING",
            attachments,
          });
          ticket.thread.push(message);
          ticket.dueAt = null;
          ticket.state = input.move === "SOLVE" ? "SOLVED" : ticket.state;
          store(id, { ...draft, body: "", attachments: [] });
          const heldUntil = input.holdSeconds
            ? new Date(Date.now() + input.holdSeconds * 1000).toISOString()
            : null;
          return { ticket: shown(world, ticket), message: { ...message, heldUntil }, errors: [] };
        }),
      ),
    ticketReplyTakeBack: ({ messageId }: { messageId: string }) => {
      const ticket = world.tickets.find((one) => one.thread.some(({ id }) => id === messageId));
      const message = ticket?.thread.find(({ id }) => id === messageId);
      if (!ticket || !message) {
        return problem("CONFLICT", "This answer has been sent already.");
      }
      ticket.thread.splice(ticket.thread.indexOf(message), 1);
      const draft = store(ticket.id, { ...draftOf(ticket.id, false), body: message.body });
      world.touch(ticket);
      return { ticket: shown(world, ticket), draft, errors: [] };
    },
    ticketNoteAdd: ({ id, body, key }: Id & { body: string; key?: string }) =>
      onTicket(id, (ticket) =>
        once(world, key, () => {
          ticket.thread.push(world.message("NOTE", world.me, 0, body));
          store(id, { ...draftOf(id, true), body: "" });
          return { ticket: shown(world, ticket), errors: [] };
        }),
      ),
    ticketDraftSave: ({
      id,
      input,
    }: Id & { input: { isNote: boolean; body: string; version: number; cc: string[] } }) => {
      const known = draftOf(id, input.isNote);
      const met = input.version !== known.version && known.body !== "" ? known.body : null;
      const body = met === null ? input.body : `${met}\n\n---\n\n${input.body}`;
      return { draft: store(id, { ...known, body, cc: input.cc }), met, errors: [] };
    },
    ticketDraftAttach: ({ id, files }: Id & { files: File[] }) => {
      const broken = files.find(({ name }) => name.startsWith("broken"));
      if (broken) {
        return problem("INVALID", `“${broken.name}” is no picture that can be read.`, "files");
      }
      const known = draftOf(id, false);
      const added = files.map((file) => world.file(file.name, file.type));
      return { draft: store(id, { ...known, attachments: [...known.attachments, ...added] }), errors: [] };
    },
    ticketDraftDetach: ({ id, fileId }: Id & { fileId: string }) => {
      const known = draftOf(id, false);
      const attachments = known.attachments.filter((file) => file.id !== fileId);
      return { draft: store(id, { ...known, attachments }), errors: [] };
    },
    ticketPresenceGive: ({ id }: Id) => ({
      presence: world.presence.filter((one) => one.ticketId === id),
      errors: [],
    }),
    cannedReplyAttach: ({ ticketId }: { ticketId: string }) => ({
      draft: draftOf(ticketId, false),
      errors: [],
    }),
    macroRun: ({ id, ticketId, fingerprint }: Id & { ticketId: string; fingerprint: string }) =>
      onTicket(ticketId, (ticket) => {
        const macro = world.macros.find((one) => one.id === id);
        if (!macro) {
          return problem("NOT_FOUND", "There is no such macro");
        }
        const plan = planOf(macro, ticket);
        if (plan.fingerprint !== fingerprint) {
          return problem("CONFLICT", "Something changed since this was shown; please look at it again.");
        }
        const steps = plan.steps.map(({ summary }) => ({ summary, state: "DONE", error: "" }));
        return {
          run: { id: world.id("MacroRun"), done: true, steps },
          ticket: shown(world, ticket),
          errors: [],
        };
      }),
    cannedReplySave: ({ input }: { input: MockCanned & { id?: string } }) => {
      if (world.canned.some((one) => one.shortcut === input.shortcut && one.id !== input.id)) {
        return problem("INVALID", "Another canned reply has this shortcut.", "shortcut");
      }
      const known = world.canned.find((one) => one.id === input.id);
      const row = {
        ...input,
        id: known?.id ?? world.id("CannedReply"),
        attachments: [],
        used: 0,
        usedAt: null,
      };
      if (known) {
        world.canned.splice(world.canned.indexOf(known), 1);
      }
      world.canned.push({ ...row, version: (known?.version ?? 0) + 1 });
      return { cannedReply: world.canned.at(-1), errors: [] };
    },
    cannedReplyDelete: ({ id }: Id) => {
      const at = world.canned.findIndex((one) => one.id === id);
      world.canned.splice(at, at < 0 ? 0 : 1);
      return { errors: [] };
    },
    cannedRepliesExport: () => ({ url: "https://aftercare.test/exports/canned-replies/token/", errors: [] }),
    cannedRepliesImport: ({ dryRun }: { dryRun: boolean }) => {
      const { rows, problems } = world.cannedTable;
      if (!dryRun && problems.length === 0) {
        world.canned.push(...rows);
      }
      return { added: rows.length, changed: 0, unchanged: world.canned.length, problems, errors: [] };
    },
    macroSave: ({ input }: { input: Omit<MockMacro, "used"> & { id?: string } }) => {
      const known = world.macros.find((one) => one.id === input.id);
      if (known) {
        world.macros.splice(world.macros.indexOf(known), 1);
      }
      world.macros.push({
        ...input,
        id: known?.id ?? world.id("Macro"),
        used: 0,
        version: (known?.version ?? 0) + 1,
      });
      return { macro: world.macros.at(-1), errors: [] };
    },
    macroDelete: ({ id }: Id) => {
      const at = world.macros.findIndex((one) => one.id === id);
      world.macros.splice(at, at < 0 ? 0 : 1);
      return { errors: [] };
    },
  };
}
