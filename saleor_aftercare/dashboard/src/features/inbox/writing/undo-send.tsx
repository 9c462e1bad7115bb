import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { WritingTakeBackDocument } from "@/gql/writing";
import { notify } from "@/lib/bridge";
import { useCommands } from "@/lib/commands";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { storeTicket } from "../data";
import { takeDraft } from "../drafts";
import { inView, placePath } from "../place";
import { forgetHeld, type Held, useHeld } from "./held";
import styles from "./undo-send.module.css";

/** For some seconds after sending: takes the last answer back, whichever conversation is open by then. */
export function UndoSend({ ticketNumber }: { ticketNumber: number }) {
  const newest = useHeld().at(-1);
  return newest ? (
    <Bar key={newest.messageId} held={newest} here={newest.ticketNumber === ticketNumber} />
  ) : null;
}

function Bar({ held, here }: { held: Held; here: boolean }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const left = useSecondsUntil(held.until);
  const undo = useMutation({
    mutationFn: async () =>
      accepted((await execute(WritingTakeBackDocument, { messageId: held.messageId })).ticketReplyTakeBack),
    onSuccess: ({ ticket, draft }) => {
      forgetHeld(held.messageId);
      if (draft) {
        takeDraft(held.ticketId, draft);
      }
      if (ticket) {
        storeTicket(client, ticket);
      }
      if (!here) {
        navigate(placePath({ ...inView("OPEN"), ticket: held.ticketNumber }));
      }
    },
    onError: (error) => {
      forgetHeld(held.messageId);
      notify("error", t("composer.undo.failed"), explain(error));
    },
  });
  useCommands([
    {
      id: "writing.undo",
      group: "writing",
      label: "composer.undo",
      keys: ["z"],
      run: undo.isPending ? undefined : () => undo.mutate(),
    },
  ]);
  useEffect(() => {
    if (left === 0 && !undo.isPending) {
      forgetHeld(held.messageId);
    }
  }, [left, undo.isPending, held.messageId]);

  return (
    <div className={styles.bar} role="status">
      <span className={styles.words}>
        {here ? t("composer.sending") : t("composer.sendingOther", { number: held.ticketNumber })}
      </span>
      <Button busy={undo.isPending} icon={<Undo2 size={12} aria-hidden />} onClick={() => undo.mutate()}>
        {t("composer.undo")}
      </Button>
      <span className={styles.left} aria-hidden>
        {t("composer.undo.left", { seconds: left })}
      </span>
    </div>
  );
}

/** Whole seconds until a moment, at last 0. */
function useSecondsUntil(moment: number): number {
  const secondsLeft = () => Math.max(0, Math.ceil((moment - Date.now()) / 1000));
  const [left, setLeft] = useState(secondsLeft);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock is asked anew every time
  useEffect(() => {
    const timer = window.setInterval(() => setLeft(secondsLeft()), 500);
    return () => window.clearInterval(timer);
  }, [moment]);
  return left;
}
