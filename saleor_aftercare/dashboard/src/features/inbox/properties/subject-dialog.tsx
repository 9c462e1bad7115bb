import { useState } from "react";
import { TextField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { useExplain } from "@/lib/problem";
import { useFollowUp, useUpdate } from "./data";

interface TicketDialogProps {
  ticket: TicketDetailFragment;
  onClose: () => void;
}

/** Another subject. */
export function SubjectDialog({ ticket, onClose }: TicketDialogProps) {
  const t = useT();
  const update = useUpdate(ticket.number);
  return (
    <AskForSubject
      title={t("ticket.action.subject")}
      confirm={t("common.save")}
      subject={ticket.subject}
      sending={update}
      onClose={onClose}
      onConfirm={(subject) => update.mutate({ id: ticket.id, input: { subject } }, { onSuccess: onClose })}
    />
  );
}

/** What the conversation is to be about that goes on from one that is over; it is opened then. */
export function FollowUpDialog({ ticket, onClose }: TicketDialogProps) {
  const t = useT();
  const follow = useFollowUp();
  const onSuccess = (fresh: { number: number } | null | undefined) => {
    onClose();
    if (fresh) {
      navigate(`/inbox/tickets/${fresh.number}`);
    }
  };
  return (
    <AskForSubject
      title={t("ticket.action.followUp")}
      confirm={t("followUp.confirm")}
      subject={ticket.subject}
      sending={follow}
      onClose={onClose}
      onConfirm={(subject) => follow.mutate({ id: ticket.id, subject }, { onSuccess })}
    />
  );
}

interface AskForSubjectProps {
  title: string;
  confirm: string;
  /** As it is now. */
  subject: string;
  sending: { isPending: boolean; error: Error | null };
  onConfirm: (subject: string) => void;
  onClose: () => void;
}

function AskForSubject({ title, confirm, subject, sending, onConfirm, onClose }: AskForSubjectProps) {
  const t = useT();
  const explain = useExplain();
  const [text, setText] = useState(subject);
  return (
    <FormDialog
      title={title}
      confirm={confirm}
      busy={sending.isPending}
      disabled={text.trim() === ""}
      onClose={onClose}
      onSubmit={() => onConfirm(text)}
    >
      <TextField
        label={t("split.subject")}
        maxLength={300}
        value={text}
        error={sending.error === null ? undefined : explain(sending.error)}
        onChange={(event) => setText(event.target.value)}
      />
    </FormDialog>
  );
}
