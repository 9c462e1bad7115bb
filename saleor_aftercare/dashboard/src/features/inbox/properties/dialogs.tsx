import type { TicketDetailFragment } from "@/gql/types";
import type { TicketDialog } from "../commands";
import { MergeDialog } from "./merge-dialog";
import { SnoozeDialog } from "./snooze-dialog";
import { SplitDialog } from "./split-dialog";
import { FollowUpDialog, SubjectDialog } from "./subject-dialog";

interface DialogsProps {
  which: TicketDialog;
  ticket: TicketDetailFragment;
  onClose: () => void;
}

/** The dialog of what needs one before it can be done with a conversation. */
export function Dialogs({ which, ticket, onClose }: DialogsProps) {
  switch (which) {
    case "snooze":
      return <SnoozeDialog ticket={ticket} onClose={onClose} />;
    case "merge":
      return <MergeDialog ticket={ticket} onClose={onClose} />;
    case "split":
      return <SplitDialog ticket={ticket} onClose={onClose} />;
    case "followUp":
      return <FollowUpDialog ticket={ticket} onClose={onClose} />;
    case "subject":
      return <SubjectDialog ticket={ticket} onClose={onClose} />;
  }
}
