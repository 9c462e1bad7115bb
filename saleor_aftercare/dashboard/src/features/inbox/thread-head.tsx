import { AlarmClock, ArrowLeft, ChevronDown, Ellipsis, PanelRight } from "lucide-react";
import { Suspense, useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Menu } from "@/components/menu";
import { Pill } from "@/components/pill";
import type { StaffPartsFragment, TicketDetailFragment } from "@/gql/types";
import { useCommands } from "@/lib/commands";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { commandsOf, type TicketDialog, type TicketVerb, verbsOf } from "./commands";
import { useAssign, useStaff, useTicketAction } from "./data";
import { Dialogs } from "./parts";
import { SlaWhy } from "./sla-why";
import { StatePill } from "./status";
import styles from "./thread-head.module.css";

interface ThreadHeadProps {
  ticket: TicketDetailFragment;
  contextShown: boolean;
  onToggleContext: () => void;
  onBack: () => void;
  assignOpen: boolean;
  onAssignOpen: (open: boolean) => void;
}

/** What the inbox itself binds to keys, whether a thread is open or only chosen in the list. */
const BOUND_BY_INBOX: ReadonlySet<string> = new Set(["solve", "spam"]);
const MAIN: ReadonlySet<string> = new Set(["solve", "reopen", "not_spam"]);

export function ThreadHead(props: ThreadHeadProps) {
  const { ticket } = props;
  const t = useT();
  const format = useFormat();
  const { mutate, isPending } = useTicketAction();
  const [dialog, setDialog] = useState<TicketDialog>();
  const verbs = verbsOf(ticket, (action) => mutate({ ticket, action }), setDialog);
  useCommands(commandsOf(verbs, BOUND_BY_INBOX));
  const main = verbs.find(({ id }) => MAIN.has(id));
  const second = verbs.find(({ id }) => id === "snooze");
  // Where the button for it has no room, snoozing is found in the menu.
  const rest = verbs.filter((verb) => verb !== main);

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
        {ticket.wakeAt !== null && (
          <span>{t("snooze.until", { moment: format.dateTime(ticket.wakeAt) })}</span>
        )}
        <PriorityPill ticket={ticket} />
        <SlaWhy ticket={ticket} />
      </div>
      <div className={styles.actions}>
        {second && (
          <Button
            className={styles.second}
            icon={<AlarmClock size={14} aria-hidden />}
            busy={isPending}
            onClick={second.run}
          >
            {t(second.label)}
          </Button>
        )}
        {main && (
          <Button variant="primary" busy={isPending} onClick={main.run}>
            {t(main.label)}
          </Button>
        )}
        <MoreMenu verbs={rest} />
        <IconButton
          className={styles.context}
          label={t("inbox.context.toggle")}
          aria-expanded={props.contextShown}
          aria-controls="ticket-context"
          icon={<PanelRight size={16} />}
          onClick={props.onToggleContext}
        />
      </div>
      {dialog !== undefined && (
        <Suspense fallback={null}>
          <Dialogs which={dialog} ticket={ticket} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </header>
  );
}

/** A key as menus show it: a capital letter is the letter with Shift. */
const hintOf = (key: string): string => (/^[A-Z]$/.test(key) ? `⇧${key}` : key.toUpperCase());

function MoreMenu({ verbs }: { verbs: readonly TicketVerb[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: "ticket-state",
      group: "ticket",
      label: "keys.state",
      keys: ["s"],
      run: verbs.length === 0 ? undefined : () => setOpen(true),
    },
  ]);
  if (verbs.length === 0) {
    return null;
  }
  return (
    <Menu
      label={t("ticket.more")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      className={styles.more}
      items={verbs.map(({ id, label, keys, run }) => ({
        key: id,
        label: t(label),
        ...(keys?.[0] && { hint: hintOf(keys[0]) }),
        onSelect: run,
      }))}
    >
      <Ellipsis size={16} aria-hidden />
      <span className="visually-hidden">{t("ticket.more")}</span>
    </Menu>
  );
}

/** Only what stands out: the ordinary priority says nothing. */
function PriorityPill({ ticket }: { ticket: TicketDetailFragment }) {
  const t = useT();
  const { priority } = ticket;
  if (priority === null || priority === "NORMAL") {
    return null;
  }
  const tone = { URGENT: "error", HIGH: "warning", LOW: "neutral" } as const;
  return <Pill tone={tone[priority]}>{t(`priority.${priority}`)}</Pill>;
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
