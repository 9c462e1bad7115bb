import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { CheckCheck } from "lucide-react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Empty, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Page } from "@/components/page";
import { Age } from "@/components/time";
import { NoticesDocument, NoticesMarkReadDocument } from "@/gql/notices";
import type { NoticePartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./notices.module.css";

/** What the person was told, newest first; what leads somewhere is seen by going there. */
export function NoticesPage() {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: keys.notices,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => execute(NoticesDocument, { after: pageParam }, signal),
    getNextPageParam: (last) => (last.notices.pageInfo.hasNextPage ? last.notices.pageInfo.endCursor : null),
    refetchOnMount: "always",
  });
  const read = useMutation({
    mutationFn: async (ids: string[] | null) =>
      accepted((await execute(NoticesMarkReadDocument, { ids })).noticesMarkRead),
    onSuccess: async ({ count }) => {
      client.setQueryData(keys.noticeCount, count ?? 0);
      await client.invalidateQueries({ queryKey: keys.notices });
    },
  });
  const notices = data?.pages.flatMap((page) => page.notices.edges.map(({ node }) => node));
  const unread = notices?.some(({ isRead }) => !isRead) ?? false;
  return (
    <Page
      title={t("notices.title")}
      back={{ href: "/inbox", label: t("inbox.title") }}
      actions={
        <Button
          icon={<CheckCheck size={14} aria-hidden />}
          disabled={!unread}
          busy={read.isPending}
          onClick={() => read.mutate(null)}
        >
          {t("notices.readAll")}
        </Button>
      }
    >
      <p>
        <Link href="/settings/notices">{t("notices.settings")}</Link>
      </p>
      {read.error && <Problem>{explain(read.error)}</Problem>}
      {notices ? (
        notices.length === 0 ? (
          <Empty>{t("notices.none")}</Empty>
        ) : (
          <ul className={styles.list}>
            {notices.map((notice) => (
              <Notice key={notice.id} notice={notice} onRead={() => read.mutate([notice.id])} />
            ))}
          </ul>
        )
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={44} />
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("notices.more")}
        </Button>
      )}
    </Page>
  );
}

function Notice({ notice, onRead }: { notice: NoticePartsFragment; onRead: () => void }) {
  const t = useT();
  const see = () => {
    if (!notice.isRead) {
      onRead();
    }
  };
  return (
    <li className={clsx(styles.notice, !notice.isRead && styles.unread)}>
      <span className={styles.words}>
        <span className={clsx(!notice.isRead && styles.new)}>
          {notice.ticketNumber ? (
            <Link href={`/inbox/tickets/${notice.ticketNumber}`} onClick={see}>
              {notice.text}
            </Link>
          ) : (
            notice.text
          )}
        </span>
        <Muted>{notice.subject}</Muted>
      </span>
      {!notice.isRead && <Button onClick={see}>{t("notices.read")}</Button>}
      <Age at={notice.createdAt} className={styles.age} />
    </li>
  );
}
