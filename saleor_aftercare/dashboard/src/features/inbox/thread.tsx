import { useInfiniteQuery } from "@tanstack/react-query";
import { type RefObject, Suspense, useEffect, useMemo, useRef } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { InboxEarlierDocument } from "@/gql/inbox";
import type { TicketDetailFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { LiveStrip } from "./call-strip";
import { useMarkRead, useTicket } from "./data";
import { Message } from "./message";
import { Composer, prefetchDialogs } from "./parts";
import styles from "./thread.module.css";
import { ThreadHead } from "./thread-head";
import { forgetCompose } from "./writing";

/** A ticket counts as read once somebody has had it open this long. */
const READ_AFTER_MS = 1_000;

interface ThreadProps {
  number: number;
  contextShown: boolean;
  onToggleContext: () => void;
  onBack: () => void;
  assignOpen: boolean;
  onAssignOpen: (open: boolean) => void;
}

export function Thread(props: ThreadProps) {
  const t = useT();
  const { data: ticket, error, isPending, refetch } = useTicket(props.number);
  useReading(ticket ?? undefined);
  useEffect(prefetchDialogs, []);
  useEffect(() => forgetCompose, []);

  if (error && !ticket) {
    return (
      <div className={styles.alone}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (isPending) {
    return (
      <div className={styles.alone}>
        <Skeleton rows={6} height={48} />
      </div>
    );
  }
  if (!ticket) {
    return (
      <div className={styles.alone}>
        <Empty action={<Button onClick={props.onBack}>{t("inbox.back")}</Button>}>
          {t("ticket.notFound", { number: props.number })}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <ThreadHead
        ticket={ticket}
        contextShown={props.contextShown}
        onToggleContext={props.onToggleContext}
        onBack={props.onBack}
        assignOpen={props.assignOpen}
        onAssignOpen={props.onAssignOpen}
      />
      <Messages key={ticket.id} ticket={ticket} />
      <LiveStrip ticket={ticket} />
      <Suspense fallback={<div className={styles.composing} />}>
        <Composer key={`composer-${ticket.id}`} ticket={ticket} />
      </Suspense>
    </>
  );
}

/** Marks the ticket read after a moment, unless it was only passed by. */
function useReading(ticket: TicketDetailFragment | undefined): void {
  const { mutate } = useMarkRead();
  const latest = useRef(ticket);
  latest.current = ticket;
  const { id, unread } = ticket ?? {};
  useEffect(() => {
    if (id === undefined || !unread) {
      return;
    }
    const timer = window.setTimeout(() => {
      if (latest.current?.id === id && !document.hidden) {
        mutate(latest.current);
      }
    }, READ_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [id, unread, mutate]);
}

function Messages({ ticket }: { ticket: TicketDetailFragment }) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const { messages } = ticket;
  const earlier = useEarlier(ticket);
  const shown = useMemo(() => {
    const seen = new Set<string>();
    const all = [...earlier.messages, ...messages.edges.map((edge) => edge.node)];
    return all.filter((message) => !seen.has(message.id) && seen.add(message.id));
  }, [earlier.messages, messages.edges]);
  const newest = shown[shown.length - 1];
  useNewestInSight(scroller);

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      // A region that scrolls must be reachable by keyboard to be scrolled by it.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      role="region"
      aria-label={t("thread.messages")}
      id="thread"
    >
      {earlier.possible && (
        <Button className={styles.earlier} busy={earlier.loading} onClick={earlier.load}>
          {t("thread.earlier")}
        </Button>
      )}
      {earlier.error !== null && <ErrorNotice error={earlier.error} onRetry={earlier.load} />}
      <ol className={styles.messages}>
        {shown.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
      <div aria-live="polite" className="visually-hidden">
        {newest?.kind === "CUSTOMER" && t("thread.newest", { name: newest.authorName })}
      </div>
    </div>
  );
}

/** The messages before the last fifty, fetched when asked for. */
function useEarlier(ticket: TicketDetailFragment) {
  const { pageInfo } = ticket.messages;
  const start = useRef(pageInfo.startCursor).current;
  const query = useInfiniteQuery({
    queryKey: ["ticket-earlier", ticket.number, start],
    enabled: false,
    initialPageParam: start ?? "",
    queryFn: async ({ pageParam, signal }) => {
      const { ticket: answer } = await execute(
        InboxEarlierDocument,
        { number: ticket.number, before: pageParam },
        signal,
      );
      return answer?.messages;
    },
    getNextPageParam: (page) => (page?.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : undefined),
  });
  const pages = query.data?.pages;
  const messages = useMemo(
    () => [...(pages ?? [])].reverse().flatMap((page) => page?.edges.map((edge) => edge.node) ?? []),
    [pages],
  );
  return {
    messages,
    possible: pages === undefined ? pageInfo.hasPreviousPage : query.hasNextPage,
    loading: query.isFetching,
    error: query.error,
    load: () => void (pages === undefined ? query.refetch() : query.fetchNextPage()),
  };
}

/** Starts at the end, and stays there as content grows unless the reader has scrolled up. */
function useNewestInSight(scroller: RefObject<HTMLDivElement>): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) {
      return;
    }
    let atEnd = true;
    const toEnd = () => {
      if (atEnd) {
        element.scrollTop = element.scrollHeight;
      }
    };
    const onScroll = () => {
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    };
    // Both the window on the thread (the composer grows) and the thread itself (pictures, fonts, news).
    const observer = new ResizeObserver(toEnd);
    observer.observe(element);
    for (const child of element.children) {
      observer.observe(child);
    }
    element.addEventListener("scroll", onScroll, { passive: true });
    toEnd();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller]);
}
