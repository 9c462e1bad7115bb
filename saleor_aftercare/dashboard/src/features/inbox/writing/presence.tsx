import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, PenLine } from "lucide-react";
import { useEffect, useRef } from "react";
import type { PresencePartsFragment } from "@/gql/types";
import { WritingPresenceDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import styles from "./presence.module.css";

const SIGN_MS = 10_000;

/** Who else is in the inbox at this moment, and where; the poll brings it. */
export function usePresence(ticketId: string): readonly PresencePartsFragment[] {
  return useQuery<readonly PresencePartsFragment[]>({
    queryKey: keys.presence,
    enabled: false,
    queryFn: () => [],
    initialData: [],
    // Of news elsewhere a conversation's readers are not told.
    select: (all) => all.filter((one) => one.ticketId === ticketId),
  }).data;
}

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

/** "Mika is looking at this", "Ken is writing an answer". */
export function PresenceLine({ ticketId }: { ticketId: string }) {
  const t = useT();
  const others = usePresence(ticketId);
  const names = (isWriting: boolean) =>
    others.filter((one) => one.isWriting === isWriting).map((one) => one.member.name);
  const writing = names(true);
  const looking = names(false);
  return (
    <p className={styles.line} role="status" aria-live="polite">
      {writing.length > 0 && (
        <span className={styles.writing}>
          <PenLine size={12} aria-hidden />
          {t("presence.writing", { names: writing.join(", "), count: writing.length })}
        </span>
      )}
      {looking.length > 0 && (
        <span className={styles.looking}>
          <Eye size={12} aria-hidden />
          {t("presence.looking", { names: looking.join(", "), count: looking.length })}
        </span>
      )}
    </p>
  );
}
