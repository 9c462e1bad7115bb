import { AlarmClock, CircleCheck, Flag, MailOpen, Tag, UserRound, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Menu, type MenuItem } from "@/components/menu";
import type { BulkActionInput, BulkPartsFragment, ViewPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { isUnderWay, useBulkAction, useBulkStart, useBulkStop, useBulkUndo, useDismissBulk } from "./bulk";
import styles from "./bulk-bar.module.css";
import { chooseWhole, clearSelection, isEmpty, useSelection } from "./bulk-selection";
import { useStaff } from "./data";
import type { ListPlace } from "./place";
import { useSnoozePresets, useTagSuggestions } from "./properties/data";

const MOVES = ["solve", "reopen", "wait", "wait_for_others", "close", "spam", "not_spam"] as const;
const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

interface BulkBarProps {
  place: ListPlace;
  views: readonly ViewPartsFragment[];
  /** Rows that are loaded, and all of the list as far as that is known. */
  loaded: number;
  total: number;
  enabled: boolean;
}

/** Above the list: what may be done to all that are chosen, and how far the last such action is. */
export function BulkBar({ place, views, loaded, total, enabled }: BulkBarProps) {
  const selection = useSelection();
  const bulk = useBulkAction(enabled);
  return (
    <>
      {!isEmpty(selection) && (
        <Actions
          place={place}
          views={views}
          count={selection.whole ? total - selection.ids.size : selection.ids.size}
          offerWhole={!selection.whole && total > loaded && selection.ids.size >= loaded}
          total={total}
        />
      )}
      {bulk && <Progress bulk={bulk} />}
    </>
  );
}

interface ActionsProps extends Pick<BulkBarProps, "place" | "views" | "total"> {
  count: number;
  offerWhole: boolean;
}

function Actions({ place, views, count, offerWhole, total }: ActionsProps) {
  const t = useT();
  const start = useBulkStart(place, views);
  const staff = useStaff();
  const [tagging, setTagging] = useState(false);
  const presets = useSnoozePresets();
  const tags = useTagSuggestions("", tagging);
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
      <IconButton label={t("inbox.bulk.clear")} icon={<X size={16} aria-hidden />} onClick={clearSelection} />
      {offerWhole && (
        <Button variant="tertiary" onClick={chooseWhole}>
          {t("inbox.bulk.whole", { count: total })}
        </Button>
      )}
    </section>
  );
}

/** How far the last action is; when it is done, how it went, and the way back. */
function Progress({ bulk }: { bulk: BulkPartsFragment }) {
  const t = useT();
  const stop = useBulkStop();
  const undo = useBulkUndo();
  const dismiss = useDismissBulk();
  const values = { done: bulk.done, total: bulk.total, changed: bulk.changed, failed: bulk.failed };
  return (
    <section className={styles.progress} aria-label={t("inbox.bulk.progress")}>
      {isUnderWay(bulk) && (
        <progress
          className={styles.meter}
          max={bulk.total}
          value={bulk.done}
          aria-label={t("inbox.bulk.progress")}
        />
      )}
      <p role="status" className={styles.said}>
        {t(`inbox.bulk.state.${bulk.state}`, values)}
        {bulk.failed > 0 && !isUnderWay(bulk) && <> {t("inbox.bulk.problems", values)}</>}
      </p>
      {bulk.mayStop && (
        <Button busy={stop.isPending} onClick={() => stop.mutate(bulk.id)}>
          {t("inbox.bulk.stop")}
        </Button>
      )}
      {bulk.mayUndo && (
        <Button busy={undo.isPending} onClick={() => undo.mutate(bulk.id)}>
          {t("inbox.bulk.undo")}
        </Button>
      )}
      {!isUnderWay(bulk) && (
        <IconButton label={t("common.close")} icon={<X size={16} aria-hidden />} onClick={dismiss} />
      )}
      {bulk.failed > 0 && !isUnderWay(bulk) && (
        <details className={styles.problems}>
          <summary>{t("inbox.bulk.why")}</summary>
          <ul>
            {bulk.problems.map(({ number, message }) => (
              <li key={number}>
                #{number}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
