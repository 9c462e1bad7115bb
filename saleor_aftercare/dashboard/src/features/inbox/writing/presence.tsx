import { useQuery } from "@tanstack/react-query";
import { Eye, PenLine } from "lucide-react";
import type { PresencePartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import styles from "./presence.module.css";

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
