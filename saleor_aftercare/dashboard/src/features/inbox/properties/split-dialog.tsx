import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Age } from "@/components/time";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useSplit } from "./data";
import styles from "./properties.module.css";

const SHOWN = 140;

/** Which messages become a conversation of their own; some have to stay. */
export function SplitDialog({ ticket, onClose }: { ticket: TicketDetailFragment; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const split = useSplit();
  const [subject, setSubject] = useState(ticket.subject);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const spoken = ticket.messages.edges.map((edge) => edge.node).filter((one) => one.kind !== "SYSTEM");
  const possible = chosen.length > 0 && chosen.length < spoken.length && subject.trim() !== "";
  return (
    <Dialog
      title={t("split.title", { number: ticket.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={split.isPending} disabled={!possible}>
            {t("split.confirm")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (possible && !split.isPending) {
            split.mutate({ id: ticket.id, messageIds: [...chosen], subject }, { onSuccess: onClose });
          }
        }}
      >
        <TextField
          label={t("split.subject")}
          maxLength={300}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
        <fieldset className={styles.choices}>
          <legend>{t("split.choose")}</legend>
          {spoken.map((one) => (
            <Choice
              key={one.id}
              label={`${one.authorName}: ${shortened(one.body)}`}
              help={<Age at={one.createdAt} />}
              checked={chosen.includes(one.id)}
              onChange={() =>
                setChosen(
                  chosen.includes(one.id) ? chosen.filter((id) => id !== one.id) : [...chosen, one.id],
                )
              }
            />
          ))}
        </fieldset>
      </form>
      {split.error !== null && <Problem>{explain(split.error)}</Problem>}
    </Dialog>
  );
}

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
};
