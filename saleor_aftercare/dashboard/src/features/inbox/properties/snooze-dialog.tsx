import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem, Skeleton } from "@/components/feedback";
import { TextField } from "@/components/field";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { useSnoozePresets } from "./choices";
import { useSnooze } from "./data";
import styles from "./properties.module.css";

interface SnoozeDialogProps {
  ticket: { id: string };
  onClose: () => void;
}

/** Until when a conversation is put off: the usual moments on the shop's clock, or any other. */
export function SnoozeDialog({ ticket, onClose }: SnoozeDialogProps) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const formId = useId();
  const presets = useSnoozePresets();
  const snooze = useSnooze();
  const [moment, setMoment] = useState("");
  const done = { onSuccess: onClose };
  const first = useRef<HTMLButtonElement>(null);
  const loaded = presets.isSuccess;
  // The moments come after the dialog, which has put the focus into its only field by then.
  useEffect(() => {
    if (loaded) {
      first.current?.focus();
    }
  }, [loaded]);
  return (
    <Dialog
      title={t("snooze.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={snooze.isPending}
            disabled={moment === ""}
          >
            {t("snooze.confirm")}
          </Button>
        </>
      }
    >
      {presets.isPending && <Skeleton rows={4} height={32} />}
      <div className={styles.presets}>
        {presets.data?.map(({ preset, at }, index) => (
          <button
            key={preset}
            type="button"
            className={styles.preset}
            ref={index === 0 ? first : undefined}
            onClick={() => snooze.mutate({ id: ticket.id, until: at }, done)}
          >
            <span>{t(`snooze.${preset}`)}</span>
            <span className={styles.muted}>{format.dateTime(at)}</span>
          </button>
        ))}
      </div>
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (moment !== "" && !snooze.isPending) {
            snooze.mutate({ id: ticket.id, until: new Date(moment).toISOString() }, done);
          }
        }}
      >
        <TextField
          type="datetime-local"
          label={t("snooze.pick")}
          value={moment}
          onChange={(event) => setMoment(event.target.value)}
        />
      </form>
      <p className={styles.muted}>{t("snooze.help")}</p>
      {snooze.error !== null && <Problem>{explain(snooze.error)}</Problem>}
    </Dialog>
  );
}
