import {
  AlarmClock,
  CircleCheck,
  Flag,
  MailOpen,
  Merge,
  Tag,
  UserRound,
  UsersRound,
  X,
  Zap,
} from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Menu, type MenuItem } from "@/components/menu";
import type { BulkActionInput, TicketRowFragment, ViewPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useBulkAction, useBulkStart } from "./bulk";
import styles from "./bulk-bar.module.css";
import { BulkProgress } from "./bulk-progress";
import { chooseWhole, clearSelection, isEmpty, useSelection } from "./bulk-selection";
import { useStaff } from "./data";
import { MacroDialog, MergeDialog } from "./list-parts";
import type { ListPlace } from "./place";
import { useSnoozePresets, useTagSuggestions } from "./properties/choices";
import { useTeams } from "./teams";

const MOVES = ["solve", "reopen", "wait", "wait_for_others", "close", "spam", "not_spam"] as const;
const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

interface BulkBarProps {
  place: ListPlace;
  views: readonly ViewPartsFragment[];
  /** What is loaded, and how many all of the list are as far as that is known. */
  tickets: readonly TicketRowFragment[];
  total: number;
  enabled: boolean;
}

/** Above the list: what may be done to all that are chosen, and how far the last such action is. */
export function BulkBar({ place, views, tickets, total, enabled }: BulkBarProps) {
  const selection = useSelection();
  const bulk = useBulkAction(enabled);
  return (
    <>
      {!isEmpty(selection) && (
        <Actions
          place={place}
          views={views}
          count={selection.whole ? total - selection.ids.size : selection.ids.size}
          tickets={tickets}
          offerWhole={!selection.whole && total > tickets.length && selection.ids.size >= tickets.length}
          total={total}
        />
      )}
      {bulk && <BulkProgress bulk={bulk} />}
    </>
  );
}

interface ActionsProps extends Pick<BulkBarProps, "place" | "views" | "tickets" | "total"> {
  count: number;
  offerWhole: boolean;
}

function Actions({ place, views, tickets, count, offerWhole, total }: ActionsProps) {
  const t = useT();
  const start = useBulkStart(place, views);
  const staff = useStaff();
  const [tagging, setTagging] = useState(false);
  const presets = useSnoozePresets();
  const tags = useTagSuggestions("", tagging);
  const [choosingTeam, setChoosingTeam] = useState(false);
  const { teams } = useTeams(choosingTeam);
  const [dialog, setDialog] = useState<"merge" | "macro">();
  const close = () => setDialog(undefined);
  const run = (input: BulkActionInput) => () => start.mutate(input);

  const menu = (
    label: string,
    icon: ReactNode,
    items: MenuItem[],
    onOpenChange?: (open: boolean) => void,
  ) => (
    <Menu label={label} className={styles.action} items={items} {...(onOpenChange && { onOpenChange })}>
      {icon}
      <span className="visually-hidden">{label}</span>
    </Menu>
  );

  return (
    <section className={styles.bar} aria-label={t("inbox.bulk")}>
      <span className={styles.count} role="status">
        {t("inbox.bulk.chosen", { count })}
      </span>
      {menu(t("inbox.bulk.assign"), <UserRound size={16} aria-hidden />, [
        ...staff.map((member) => ({
          key: member.id,
          label: member.name,
          onSelect: run({ kind: "ASSIGN", assigneeId: member.id }),
        })),
        { key: "nobody", label: t("ticket.assign.nobody"), onSelect: run({ kind: "ASSIGN" }) },
      ])}
      {menu(
        t("inbox.bulk.team"),
        <UsersRound size={16} aria-hidden />,
        [
          ...teams.map((team) => ({
            key: team.id,
            label: team.name,
            onSelect: run({ kind: "TEAM", teamId: team.id }),
          })),
          { key: "none", label: t("inbox.bulk.noTeam"), onSelect: run({ kind: "TEAM" }) },
        ],
        setChoosingTeam,
      )}
      {menu(
        t("inbox.bulk.move"),
        <CircleCheck size={16} aria-hidden />,
        MOVES.map((move) => ({
          key: move,
          label: t(`ticket.action.${move}`),
          onSelect: run({ kind: "MOVE", move }),
        })),
      )}
      {menu(
        t("inbox.bulk.snooze"),
        <AlarmClock size={16} aria-hidden />,
        (presets.data ?? []).map(({ preset, at }) => ({
          key: preset,
          label: t(`snooze.${preset}`),
          onSelect: run({ kind: "SNOOZE", until: at }),
        })),
      )}
      {menu(
        t("inbox.bulk.tag"),
        <Tag size={16} aria-hidden />,
        tags.flatMap((tag) => [
          { key: tag.id, label: tag.name, onSelect: run({ kind: "TAG", addTagIds: [tag.id] }) },
          {
            key: `-${tag.id}`,
            label: t("inbox.bulk.untag", { name: tag.name }),
            onSelect: run({ kind: "TAG", removeTagIds: [tag.id] }),
          },
        ]),
        setTagging,
      )}
      {menu(
        t("inbox.bulk.priority"),
        <Flag size={16} aria-hidden />,
        PRIORITIES.map((name, priority) => ({
          key: name,
          label: t(`inbox.bulk.priority.${name}`),
          onSelect: run({ kind: "PRIORITY", priority }),
        })),
      )}
      <IconButton
        label={t("inbox.bulk.read")}
        icon={<MailOpen size={16} aria-hidden />}
        onClick={run({ kind: "READ" })}
      />
      <IconButton
        label={t("inbox.bulk.merge")}
        icon={<Merge size={16} aria-hidden />}
        disabled={count < 2}
        onClick={() => setDialog("merge")}
      />
      <IconButton
        label={t("inbox.bulk.macro")}
        icon={<Zap size={16} aria-hidden />}
        onClick={() => setDialog("macro")}
      />
      <IconButton label={t("inbox.bulk.clear")} icon={<X size={16} aria-hidden />} onClick={clearSelection} />
      {offerWhole && (
        <Button variant="tertiary" onClick={chooseWhole}>
          {t("inbox.bulk.whole", { count: total })}
        </Button>
      )}
      <Suspense fallback={null}>
        {dialog === "merge" && (
          <MergeDialog
            tickets={tickets}
            count={count}
            busy={start.isPending}
            onMerge={(order) => start.mutate({ kind: "MERGE", ...order }, { onSuccess: close })}
            onClose={close}
          />
        )}
        {dialog === "macro" && (
          <MacroDialog
            count={count}
            busy={start.isPending}
            onChoose={(macroId) => start.mutate({ kind: "MACRO", macroId }, { onSuccess: close })}
            onClose={close}
          />
        )}
      </Suspense>
    </section>
  );
}
