import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TicketDetailFragment, TicketReplyMove } from "@/gql/types";
import { InboxNoteDocument, InboxReplyDocument, WritingOwnDocument } from "@/gql/writing";
import { notify } from "@/lib/bridge";
import { availableCommands } from "@/lib/commands";
import { execute, ServiceUnavailable } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { uniqueKey } from "@/lib/unique";
import { storeTicket } from "../data";
import { clearDraft, type DraftKind, draftOf } from "../drafts";
import { seenUpTo } from "../writing";
import { settled } from "./autosave";
import { noteHeld } from "./held";

export interface Press {
  force?: boolean;
  move?: TicketReplyMove;
  /** Of SNOOZE, ISO 8601. */
  until?: string;
  byMail?: boolean;
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
 * Sends what is written. Every press has a key of its own, so that a press whose answer got lost is
 * tried again without anybody getting two letters.
 */
export function useSend(ticket: TicketDetailFragment, kind: DraftKind) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const { undoSeconds: holdSeconds, afterwards } = useOwnWay();

  const send = useMutation({
    mutationFn: async ({ press, key }: { press: Press; key: string }) => {
      await settled(ticket.id, kind);
      const draft = draftOf(ticket.id, kind);
      if (kind === "note") {
        const mentions = draft.mentions.filter(({ name }) => draft.text.includes(`@${name}`));
        const { ticketNoteAdd } = await execute(InboxNoteDocument, {
          id: ticket.id,
          body: draft.text,
          mentions: mentions.map(({ id }) => id),
          key,
        });
        return { ticket: accepted(ticketNoteAdd).ticket, message: null };
      }
      const input = {
        body: draft.text,
        lastSeenMessageId: seenUpTo(ticket, draft.lastSeen),
        force: press.force ?? false,
        attachmentIds: draft.files.map(({ id }) => id),
        cc: [...draft.cc],
        ...(press.move ? { move: press.move } : {}),
        ...(press.until ? { until: press.until } : {}),
        ...(press.byMail ? { channel: "EMAIL" as const } : {}),
        holdSeconds,
        key,
        cannedReplyIds: [...draft.canned],
      };
      const { ticketReply } = await execute(InboxReplyDocument, { id: ticket.id, input });
      return accepted(ticketReply);
    },
    retry: (failures, error) => error instanceof ServiceUnavailable && failures < 6,
    retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 15_000),
    onSuccess: ({ ticket: answer, message }) => {
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
      if (kind === "reply" && afterwards !== "stay") {
        // The inbox knows the way: to the next conversation of the list, or back to it.
        const way = afterwards === "next" ? "next" : "back";
        availableCommands()
          .find(({ id }) => id === way)
          ?.run?.();
      }
    },
    onError: (error) => {
      if (isStale(error)) {
        void client.invalidateQueries({ queryKey: keys.ticket(ticket.number) });
      } else {
        notify("error", t("composer.failed"), explain(error));
      }
    },
  });
  return {
    press: (press: Press) => send.mutate({ press, key: uniqueKey() }),
    isPending: send.isPending,
    /** The connection is gone; it is tried again by itself. */
    isWaiting: send.isPending && send.failureCount > 0,
    error: send.error,
    isStale: isStale(send.error),
    reset: send.reset,
  };
}

const isStale = (error: Error | null): boolean => error instanceof Refusal && error.code === "STALE_THREAD";
