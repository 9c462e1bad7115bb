import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { TextField } from "@/components/field";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { useExplain } from "@/lib/problem";
import { useFollowUp } from "./data";

/** What the conversation is to be about that goes on from one that is over; it is opened then. */
export function FollowUpDialog({ ticket, onClose }: { ticket: TicketDetailFragment; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const follow = useFollowUp();
  const [subject, setSubject] = useState(ticket.subject);
  return (
    <Dialog
      title={t("ticket.action.followUp")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={follow.isPending}
            disabled={subject.trim() === ""}
          >
            {t("followUp.confirm")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (subject.trim() !== "" && !follow.isPending) {
            follow.mutate(
              { id: ticket.id, subject },
              {
                onSuccess: (fresh) => {
                  onClose();
                  if (fresh) {
                    navigate(`/inbox/tickets/${fresh.number}`);
                  }
                },
              },
            );
          }
        }}
      >
        <TextField
          label={t("split.subject")}
          maxLength={300}
          value={subject}
          error={follow.error === null ? undefined : explain(follow.error)}
          onChange={(event) => setSubject(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
