import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/field";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useUpdate } from "./data";

/** Another subject. */
export function SubjectDialog({ ticket, onClose }: { ticket: TicketDetailFragment; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const update = useUpdate(ticket.number);
  const [subject, setSubject] = useState(ticket.subject);
  return (
    <Dialog
      title={t("ticket.action.subject")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={update.isPending}
            disabled={subject.trim() === ""}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (subject.trim() !== "" && !update.isPending) {
            update.mutate({ id: ticket.id, input: { subject } }, { onSuccess: onClose });
          }
        }}
      >
        <TextField
          label={t("split.subject")}
          maxLength={300}
          value={subject}
          error={update.error === null ? undefined : explain(update.error)}
          onChange={(event) => setSubject(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
