import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { TicketDetailFragment, TicketReplyMove } from "@/gql/types";
import { InboxNoteDocument, InboxReplyDocument, WritingOwnDocument } from "@/gql/writing";
import { notify } from "@/lib/bridge";
import { availableCommands } from "@/lib/commands";
import { execute, ServiceUnavailable } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { storeTicket } from "../data";
import { clearDraft, type Draft, type DraftKind, draftOf } from "../drafts";
import { seenUpTo } from "../writing";
import { settled } from "./autosave";
import { noteHeld } from "./held";
import { answered, keyOfPress } from "./press-key";

export interface Press {
  force?: boolean;
  move?: TicketReplyMove;
  /** Of SNOOZE, ISO 8601. */
  until?: string;
  byMail?: boolean;
}

/** A press of the button on its way: what it sends is settled at the first attempt, and the same at all others. */
interface Sending {
  press: Press;
  attempt?: () => Promise<Answer>;
}

interface Answer {
  ticket: TicketDetailFragment | null;
  message: { id: string; heldUntil: string | null } | null;
}

/** How long an answer can be taken back and where one goes then, as its writer wants it. */
function useOwnWay(): { undoSeconds: number; afterwards: string } {
  const { data } = useQuery({
    queryKey: keys.writing,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await execute(WritingOwnDocument, {}, signal)).writingPreferences,
  });
  return data ?? { undoSeconds: 10, afterwards: "stay" };
}

/**
 * Sends what is written, whatever happens meanwhile: without a connection it waits for one, also while
 * its writer is elsewhere in the app; of one conversation in the order of the presses.
 */
export function useSend(ticket: TicketDetailFragment, kind: DraftKind) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const { undoSeconds: holdSeconds, afterwards } = useOwnWay();
  const here = useHere();
  const mutationKey = ["send", ticket.id, kind];
  // What the cache knows of it, and not this component, which may have been away meanwhile.
  const latest = useMutationState({
    filters: { mutationKey, exact: true },
    select: ({ state }) => state,
  }).at(-1);
  const isPending = latest?.status === "pending";
  const error = latest?.error ?? null;

  const send = useMutation({
    mutationKey,
    scope: { id: `send-${ticket.id}` },
    mutationFn: async (sending: Sending) => {
      if (!sending.attempt) {
        await settled(ticket.id, kind);
        const draft = draftOf(ticket.id, kind);
        sending.attempt = () =>
          kind === "note" ? sendNote(ticket.id, draft) : sendReply(ticket, draft, sending.press, holdSeconds);
      }
      return sending.attempt();
    },
    retry: (_, problem) => problem instanceof ServiceUnavailable && problem.passing,
    retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 15_000),
    onSuccess: ({ ticket: answer, message }) => {
      answered(ticket.id, kind);
      const kept = answer?.drafts.find(({ isNote }) => isNote === (kind === "note"));
      clearDraft(ticket.id, kind, kept?.version ?? draftOf(ticket.id, kind).version);
      if (message?.heldUntil) {
        noteHeld({
          messageId: message.id,
          ticketId: ticket.id,
          ticketNumber: ticket.number,
          until: Math.min(Date.parse(message.heldUntil), Date.now() + holdSeconds * 1000),
        });
      }
      if (answer) {
        storeTicket(client, answer);
      }
      if (kind === "reply" && afterwards !== "stay" && here.current) {
        // The inbox knows the way: to the next conversation of the list, or back to it.
        const way = afterwards === "next" ? "next" : "back";
        availableCommands()
          .find(({ id }) => id === way)
          ?.run?.();
      }
    },
    onError: (problem) => {
      if (problem instanceof Refusal) {
        answered(ticket.id, kind);
      }
      if (isStale(problem)) {
        void client.invalidateQueries({ queryKey: keys.ticket(ticket.number) });
      } else {
        notify("error", t("composer.failed"), explain(problem));
      }
    },
  });
  const reset = () => {
    const cache = client.getMutationCache();
    for (const mutation of cache.findAll({ mutationKey, exact: true })) {
      if (mutation.state.status !== "pending") {
        cache.remove(mutation);
      }
    }
  };
  return {
    press: (press: Press) => {
      reset();
      send.mutate({ press });
    },
    isPending,
    /** The connection is gone; it is tried again by itself. */
    isWaiting: isPending && (latest.failureCount > 0 || latest.isPaused),
    error,
    isStale: isStale(error),
    reset,
  };
}

/** Whether the component is still there. */
function useHere() {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return here;
}

async function sendNote(ticketId: string, { text, mentions }: Draft): Promise<Answer> {
  const { ticketNoteAdd } = await execute(InboxNoteDocument, {
    id: ticketId,
    body: text,
    mentions: mentions.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id),
    key: keyOfPress(ticketId, "note", [text]),
  });
  return { ticket: accepted(ticketNoteAdd).ticket, message: null };
}

async function sendReply(
  ticket: TicketDetailFragment,
  draft: Draft,
  press: Press,
  holdSeconds: number,
): Promise<Answer> {
  const attachmentIds = draft.files.map(({ id }) => id);
  const input = {
    body: draft.text,
    lastSeenMessageId: seenUpTo(ticket, draft.lastSeen),
    force: press.force ?? false,
    attachmentIds,
    cc: [...draft.cc],
    ...(press.move ? { move: press.move } : {}),
    ...(press.until ? { until: press.until } : {}),
    ...(press.byMail ? { channel: "EMAIL" as const } : {}),
    holdSeconds,
    key: keyOfPress(ticket.id, "reply", [draft.text, ...attachmentIds, ...draft.cc]),
    cannedReplyIds: [...draft.canned],
  };
  const { ticketReply } = await execute(InboxReplyDocument, { id: ticket.id, input });
  return accepted(ticketReply);
}

const isStale = (error: Error | null): boolean => error instanceof Refusal && error.code === "STALE_THREAD";
