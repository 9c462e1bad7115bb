import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { PresencePartsFragment } from "@/gql/types";
import { WritingPresenceDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

const SIGN_MS = 10_000;

/** Lets colleagues know that somebody looks at a conversation, or writes in it, for as long as the page is in sight. */
export function useGivePresence(ticketId: string, isWriting: boolean): void {
  const client = useQueryClient();
  const writing = useRef(isWriting);
  writing.current = isWriting;

  useEffect(() => {
    const give = (gone: boolean) =>
      execute(WritingPresenceDocument, { id: ticketId, isWriting: writing.current, gone })
        .then(({ ticketPresenceGive }) => accepted(ticketPresenceGive).presence ?? [])
        // Nobody waits for it: the next sign, or the next poll, says it again.
        .catch(() => undefined);
    const sign = async () => {
      if (!document.hidden) {
        const others = await give(false);
        if (others) {
          client.setQueryData<readonly PresencePartsFragment[]>(keys.presence, (known = []) => [
            ...known.filter((one) => one.ticketId !== ticketId),
            ...others,
          ]);
        }
      }
    };
    void sign();
    const timer = window.setInterval(() => void sign(), SIGN_MS);
    return () => {
      window.clearInterval(timer);
      void give(true);
    };
  }, [client, ticketId]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    execute(WritingPresenceDocument, { id: ticketId, isWriting, gone: false }).catch(() => undefined);
  }, [ticketId, isWriting]);
}
