import { ArrowLeft, ChevronDown, Ellipsis, PanelRight } from "lucide-react";
import { Button, IconButton } from "@/components/button";
import { Menu } from "@/components/menu";
import type { StaffPartsFragment, TicketDetailFragment } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { type TicketAction, useAssign, useStaff, useTicketAction } from "./data";
import { DuePill, StatePill } from "./status";
import styles from "./thread-head.module.css";

interface ThreadHeadProps {
  ticket: TicketDetailFragment;
  contextShown: boolean;
  onToggleContext: () => void;
  onBack: () => void;
  assignOpen: boolean;
  onAssignOpen: (open: boolean) => void;
}

const KNOWN: readonly TicketAction[] = [
  "solve",
  "wait",
  "wait_for_others",
  "wake",
  "reopen",
  "close",
  "not_spam",
  "spam",
];
const actionLabel = (action: TicketAction): MessageId => `ticket.action.${action}`;

export function ThreadHead(props: ThreadHeadProps) {
  const { ticket } = props;
  const t = useT();
  const { mutate, isPending } = useTicketAction();
  const act = (action: TicketAction) => mutate({ ticket, action });
  const possible = KNOWN.filter((action) => ticket.actions.includes(action));
  const main = possible.find((action) => ["solve", "reopen", "not_spam"].includes(action));
  const second = possible.find((action) => action === "wait");
  // Where the button for it has no room, waiting is found in the menu.
  const rest = possible.filter((action) => action !== main);

  return (
    <header className={styles.head}>
      <IconButton
        className={styles.back}
        label={t("inbox.back")}
        icon={<ArrowLeft size={16} />}
        onClick={props.onBack}
      />
      <h1 className={styles.subject} lang={ticket.language}>
        {ticket.subject}
      </h1>
      <div className={styles.meta}>
        <span>
          #{ticket.number} · {t(`ticket.channel.${ticket.channel}`)} ·
        </span>
        <AssignMenu ticket={ticket} open={props.assignOpen} onOpenChange={props.onAssignOpen} />
        <StatePill state={ticket.state} />
        <DuePill ticket={ticket} />
      </div>
      <div className={styles.actions}>
        {second && (
          <Button className={styles.second} busy={isPending} onClick={() => act(second)}>
            {t(actionLabel(second))}
          </Button>
        )}
        {main && (
          <Button variant="primary" busy={isPending} onClick={() => act(main)}>
            {t(actionLabel(main))}
          </Button>
        )}
        {rest.length > 0 && (
          <Menu
            label={t("ticket.more")}
            align="end"
            className={styles.more}
            items={rest.map((action) => ({
              key: action,
              label: t(actionLabel(action)),
              onSelect: () => act(action),
            }))}
          >
            <Ellipsis size={16} aria-hidden />
            <span className="visually-hidden">{t("ticket.more")}</span>
          </Menu>
        )}
        <IconButton
          className={styles.context}
          label={t("inbox.context.toggle")}
          aria-expanded={props.contextShown}
          aria-controls="ticket-context"
          icon={<PanelRight size={16} />}
          onClick={props.onToggleContext}
        />
      </div>
    </header>
  );
}

interface AssignMenuProps {
  ticket: TicketDetailFragment;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function AssignMenu({ ticket, open, onOpenChange }: AssignMenuProps) {
  const t = useT();
  const staff = useStaff();
  const assign = useAssign();
  const to = (member: StaffPartsFragment | null) => () => {
    if (member?.id !== ticket.assignee?.id) {
      assign.mutate({ ticket, to: member });
    }
  };
  const ordered = [...staff].sort((one, other) => Number(other.isMe) - Number(one.isMe));
  return (
    <Menu
      label={t("ticket.assign")}
      open={open}
      onOpenChange={onOpenChange}
      className={styles.assign}
      items={[
        {
          key: "nobody",
          label: t("ticket.assign.nobody"),
          checked: ticket.assignee === null,
          onSelect: to(null),
        },
        ...ordered.map((member) => ({
          key: member.id,
          label: member.isMe ? t("ticket.me", { name: member.name }) : member.name,
          checked: member.id === ticket.assignee?.id,
          onSelect: to(member),
        })),
      ]}
    >
      <span className="visually-hidden">{t("ticket.assign")}: </span>
      <span>
        {ticket.assignee === null
          ? t("ticket.nobody")
          : ticket.assignee.isMe
            ? t("ticket.assignedToYou")
            : ticket.assignee.name}
      </span>
      <ChevronDown size={12} aria-hidden />
    </Menu>
  );
}
