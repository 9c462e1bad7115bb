import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { PresencePartsFragment } from "@/gql/types";
import { WritingPresenceDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

const SIGN_MS = 10_000;
/** Who only passes by is not there. */
const REST_MS = 600;

/** Lets colleagues know that somebody looks at a conversation, or writes in it, for as long as the page is in sight. */
export function useGivePresence(ticketId: string, isWriting: boolean): void {
  const client = useQueryClient();
  const writing = useRef(isWriting);
  writing.current = isWriting;
  const given = useRef(false);

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
    let signs: number | undefined;
    const rested = window.setTimeout(() => {
      given.current = true;
      void sign();
      signs = window.setInterval(() => void sign(), SIGN_MS);
    }, REST_MS);
    return () => {
      window.clearTimeout(rested);
      window.clearInterval(signs);
      if (given.current) {
        void give(true);
        given.current = false;
      }
    };
  }, [client, ticketId]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    given.current = true;
    execute(WritingPresenceDocument, { id: ticketId, isWriting, gone: false }).catch(() => undefined);
  }, [ticketId, isWriting]);
}
