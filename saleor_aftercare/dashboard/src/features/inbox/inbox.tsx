import clsx from "clsx";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Empty } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import type { InboxColumn } from "@/gql/types";
import { type Command, useCommands } from "@/lib/commands";
import { useT } from "@/lib/intl";
import { showOverlay } from "@/lib/overlays";
import { Beside } from "./beside";
import { BulkBar } from "./bulk-bar";
import { useBulkCommands } from "./bulk-commands";
import { clearSelection } from "./bulk-selection";
import { useCells } from "./cells";
import { useChanges } from "./changes";
import { needsCells } from "./columns";
import {
  type TicketAction,
  useAssign,
  useBoot,
  useStaff,
  useTicket,
  useTicketAction,
  useTickets,
  useViews,
} from "./data";
import styles from "./inbox.module.css";
import { TicketList } from "./list";
import { ListHead } from "./list-head";
import { ArrangeDialog } from "./list-parts";
import { prefetchThread, Thread } from "./parts";
import { inView, type ListPlace, listKey, usePlace } from "./place";
import { SearchNotice } from "./search-notice";
import { useCardStepper } from "./use-card-stepper";
import { useMedia } from "./use-media";
import { useReadAhead } from "./use-read-ahead";
import { mayArrange, Views } from "./views";
import { compose } from "./writing";

/** From this width on the list and the thread stand side by side. */
const SIDE_BY_SIDE = "(min-width: 880px)";
/** From this width on a list with columns takes the place of the thread until one is opened. */
const WIDE = "(min-width: 1120px)";
const NO_COLUMNS: readonly InboxColumn[] = [];

prefetchThread();

/** The inbox: views, list, thread and context; as many of them at a time as there is room for. */
export function Inbox({ ticket: number }: { ticket: number | undefined }) {
  const t = useT();
  const [place, go] = usePlace(number);
  const [cursor, setCursor] = useState(number);
  const [contextShown, setContextShown] = useState(false);
  const [assignOpen, setAssignOpen] = useState(false);
  const [arranging, setArranging] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);

  const boot = useBoot(place);
  const booted = boot.isSuccess;
  const list = useTickets(place, booted);
  const views = useViews(booted);
  useChanges(booted);

  const tickets = useMemo(
    () => list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)) ?? [],
    [list.data],
  );
  const total = list.data?.pages[0]?.totalCount ?? tickets.length;
  const selected = number ?? cursor;
  const hasRoom = useMedia(WIDE) && number === undefined;
  const ofView = views.find(({ id }) => id === place.saved)?.columns;
  const columns = (hasRoom && ofView) || NO_COLUMNS;
  const isWide = columns.length > 0;
  const cells = useCells(
    place,
    (list.data?.pageParams ?? []) as (string | null)[],
    isWide && needsCells(columns),
  );

  useEffect(() => {
    if (number !== undefined) {
      setCursor(number);
    }
  }, [number]);

  // What is chosen belongs to the list that it was chosen from.
  const listed = listKey(place).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each list anew
  useEffect(() => clearSelection, [listed]);
  const choose = (to: ListPlace) => go({ ...to, ticket: undefined });

  const way = useRef<1 | -1>(1);
  useReadAhead(tickets, selected, way);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is made anew with the place it goes from
  const open = useCallback((to: number) => go({ ticket: to }), [place]);
  const close = () => {
    setContextShown(false);
    go({ ticket: undefined });
    document.getElementById("ticket-list")?.focus();
  };
  const step = (by: 1 | -1) => {
    way.current = by;
    const at = tickets.findIndex((one) => one.number === selected);
    const next = tickets[at < 0 ? 0 : at + by];
    if (!next) {
      return;
    }
    if (number !== undefined || (!isWide && window.matchMedia(SIDE_BY_SIDE).matches)) {
      open(next.number);
    } else {
      setCursor(next.number);
    }
  };
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [fetchNextPage, isFetchingNextPage]);

  const stepCards = useCardStepper("ticket-context");
  const toField = (field: "priority" | "tags") =>
    number === undefined
      ? undefined
      : () => {
          // On a narrow screen it lies behind the thread until it is asked for.
          setContextShown(true);
          window.setTimeout(() =>
            document.querySelector<HTMLElement>(`#ticket-context [data-field=${field}]`)?.focus(),
          );
        };
  useTicketCommands(number, () => setAssignOpen(true));
  useBulkCommands(tickets, selected);
  useCommands([
    {
      id: "arrange-views",
      group: "list",
      label: "inbox.view.arrange",
      run: mayArrange(views) ? () => setArranging(true) : undefined,
    },
    { id: "next", group: "list", label: "keys.next", keys: ["j"], run: () => step(1) },
    { id: "previous", group: "list", label: "keys.previous", keys: ["k"], run: () => step(-1) },
    {
      id: "open",
      group: "list",
      label: "keys.open",
      keys: ["Enter", "o"],
      run: openSelected(selected, open),
    },
    {
      id: "search",
      group: "list",
      label: "keys.search",
      keys: ["/"],
      run: () => searchField.current?.focus(),
    },
    {
      id: "back",
      group: "list",
      label: "keys.back",
      keys: ["Escape"],
      run: contextShown ? () => setContextShown(false) : number !== undefined ? close : undefined,
    },
    {
      id: "context",
      group: "ticket",
      label: "keys.context",
      keys: ["i"],
      run: number === undefined ? undefined : () => setContextShown((shown) => !shown),
    },
    {
      id: "priority",
      group: "ticket",
      label: "keys.priority",
      keys: ["p"],
      run: toField("priority"),
    },
    { id: "tags", group: "ticket", label: "keys.tags", keys: ["l"], run: toField("tags") },
    {
      id: "previous-card",
      group: "ticket",
      label: "keys.previousCard",
      keys: ["["],
      run: number === undefined ? undefined : () => stepCards(-1),
    },
    {
      id: "next-card",
      group: "ticket",
      label: "keys.nextCard",
      keys: ["]"],
      run: number === undefined ? undefined : () => stepCards(1),
    },
  ]);

  return (
    <div
      className={clsx(
        styles.inbox,
        number !== undefined && styles.reading,
        isWide && styles.wide,
        contextShown && styles.contextShown,
      )}
    >
      <div className={styles.views}>
        <Views
          place={place}
          views={views}
          onChoose={choose}
          onHelp={() => showOverlay("keys")}
          onArrange={() => setArranging(true)}
        />
      </div>
      <section className={styles.list} aria-label={t("inbox.list")}>
        {number === undefined && <h1 className="visually-hidden">{t("inbox.title")}</h1>}
        <ListHead
          place={place}
          views={views}
          field={searchField}
          onChoose={choose}
          onSearch={(search) => go({ search, thorough: undefined })}
          onOrder={(order) => go({ order })}
          onArrange={() => setArranging(true)}
        />
        <BulkBar place={place} views={views} tickets={tickets} total={total} enabled={booted} />
        <SearchNotice
          place={place}
          total={list.data?.pages[0]?.totalCount}
          onThorough={() => go({ thorough: true })}
        />
        <TicketList
          tickets={tickets}
          columns={columns}
          cells={cells}
          total={total}
          selected={selected}
          loading={boot.isPending || list.isPending}
          error={boot.error ?? list.error}
          searching={place.search !== ""}
          hasMore={list.hasNextPage}
          onMore={more}
          onRetry={() => void (boot.error ? boot.refetch() : list.refetch())}
          onOpen={open}
          onStep={step}
          onShowAll={() => go(inView("ALL"))}
        />
      </section>
      <section className={styles.thread} aria-label={t("inbox.thread")}>
        {number === undefined ? (
          <div className={styles.nothing}>
            <Empty>{t("inbox.choose")}</Empty>
          </div>
        ) : (
          <Suspense fallback={<Skeleton rows={6} height={48} />}>
            <Thread
              key={number}
              number={number}
              contextShown={contextShown}
              onToggleContext={() => setContextShown(!contextShown)}
              onBack={close}
              assignOpen={assignOpen}
              onAssignOpen={setAssignOpen}
            />
          </Suspense>
        )}
      </section>
      <div className={styles.context}>
        <Beside number={number} onClose={() => setContextShown(false)} onOpenTicket={open} />
      </div>
      {arranging && (
        <Suspense fallback={null}>
          <ArrangeDialog views={views} onClose={() => setArranging(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Opens what the list stands on, and gives its thread the focus. */
function openSelected(selected: number | undefined, open: (number: number) => void) {
  return selected === undefined
    ? undefined
    : () => {
        open(selected);
        window.setTimeout(() => document.getElementById("thread")?.focus());
      };
}

/** What may be done to the ticket that is open; nothing that its workflow does not allow. */
function useTicketCommands(number: number | undefined, onAssign: () => void): void {
  const { data } = useTicket(number ?? 0, number !== undefined);
  const staff = useStaff();
  const assign = useAssign();
  const action = useTicketAction();
  const ticket = data ?? undefined;
  const me = staff.find((member) => member.isMe);
  const act = (name: TicketAction) =>
    ticket?.actions.includes(name) ? () => action.mutate({ ticket, action: name }) : undefined;
  const whenOpen = (run: () => void) => (number === undefined ? undefined : run);
  const commands: Command[] = [
    {
      id: "reply",
      group: "writing",
      label: "keys.reply",
      keys: ["r"],
      run: whenOpen(() => compose("reply")),
    },
    { id: "note", group: "writing", label: "keys.note", keys: ["n"], run: whenOpen(() => compose("note")) },
    // The composer answers these itself, for they mean what stands in it.
    { id: "send", group: "writing", label: "keys.send", keys: ["Mod+Enter"], run: undefined },
    {
      id: "send-solve",
      group: "writing",
      label: "keys.sendSolve",
      keys: ["Mod+Shift+Enter"],
      run: undefined,
    },
    { id: "assign", group: "ticket", label: "keys.assign", keys: ["a"], run: whenOpen(onAssign) },
    {
      id: "mine",
      group: "ticket",
      label: "keys.mine",
      keys: ["m"],
      run:
        ticket && me && ticket.assignee?.id !== me.id ? () => assign.mutate({ ticket, to: me }) : undefined,
    },
    { id: "solve", group: "ticket", label: "keys.solve", keys: ["e"], run: act("solve") },
    { id: "spam", group: "ticket", label: "keys.spam", keys: ["#"], run: act("spam") },
  ];
  useCommands(commands);
}
