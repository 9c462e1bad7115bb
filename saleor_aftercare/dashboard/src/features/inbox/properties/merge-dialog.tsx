import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Age } from "@/components/time";
import type { TicketReferenceFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { stateLabel } from "../status";
import { ticketByNumber, useMerge, useProperties } from "./data";
import styles from "./properties.module.css";

const OVER = new Set(["CLOSED", "SPAM", "MERGED"]);

interface MergeDialogProps {
  ticket: { id: string; number: number };
  onClose: () => void;
}

/** Which other conversations go on in this one: those of the same person, or any by its number. */
export function MergeDialog({ ticket, onClose }: MergeDialogProps) {
  const t = useT();
  const explain = useExplain();
  const { data } = useProperties(ticket.number);
  const merge = useMerge();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [added, setAdded] = useState<readonly TicketReferenceFragment[]>([]);
  const [number, setNumber] = useState("");
  const [problem, setProblem] = useState<string>();
  const [across, setAcross] = useState(false);
  const refused = merge.error instanceof Refusal && merge.error.code === "REFUSED";
  const own = (data?.person?.tickets ?? []).filter((one) => one.id !== ticket.id && !OVER.has(one.state));
  const offered = [...own, ...added.filter((one) => own.every((other) => other.id !== one.id))];

  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const find = async () => {
    setProblem(undefined);
    const wanted = Number(number.replace(/^#/, "").trim());
    try {
      const found = Number.isInteger(wanted) && wanted > 0 ? await ticketByNumber(wanted) : null;
      if (!found || found.id === ticket.id || OVER.has(found.state)) {
        setProblem(t("merge.cannot"));
        return;
      }
      setAdded([...added.filter((one) => one.id !== found.id), found]);
      setChosen([...new Set([...chosen, found.id])]);
      setNumber("");
    } catch (error) {
      setProblem(explain(error));
    }
  };

  return (
    <Dialog
      title={t("merge.title", { number: ticket.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={merge.isPending}
            disabled={chosen.length === 0 || (refused && !across)}
            onClick={() =>
              merge.mutate(
                { id: ticket.id, otherIds: [...chosen], acrossCustomers: across },
                { onSuccess: onClose },
              )
            }
          >
            {t("merge.confirm")}
          </Button>
        </>
      }
    >
      <p className={styles.muted}>{t("merge.help")}</p>
      <fieldset className={styles.choices}>
        <legend>{t("merge.choose")}</legend>
        {offered.length === 0 && <p className={styles.muted}>{t("merge.none")}</p>}
        {offered.map((one) => (
          <Choice
            key={one.id}
            label={`#${one.number} ${one.subject}`}
            help={
              <>
                {t(stateLabel(one.state))} · <Age at={one.lastMessageAt} />
              </>
            }
            checked={chosen.includes(one.id)}
            onChange={() => toggle(one.id)}
          />
        ))}
      </fieldset>
      <form
        className={styles.inline}
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <TextField
          label={t("merge.number")}
          inputMode="numeric"
          value={number}
          error={problem}
          onChange={(event) => setNumber(event.target.value)}
        />
        <Button type="submit" disabled={number.trim() === ""}>
          {t("merge.add")}
        </Button>
      </form>
      {merge.error !== null && <Problem>{explain(merge.error)}</Problem>}
      {refused && (
        <Choice
          label={t("merge.across")}
          checked={across}
          onChange={(event) => setAcross(event.target.checked)}
        />
      )}
    </Dialog>
  );
}
