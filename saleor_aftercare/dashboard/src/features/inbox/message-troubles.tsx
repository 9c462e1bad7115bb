import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, Download, RotateCw } from "lucide-react";
import { Button } from "@/components/button";
import { Card, Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Page } from "@/components/page";
import { MessagePutAsideDocument, MessageReadAgainDocument, MessageTroublesDocument } from "@/gql/message";
import type { InboundPartsFragment } from "@/gql/types";
import { notify, openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import styles from "./message-troubles.module.css";

const KEY = ["mail-troubles"] as const;

/** Mails that could not be read: none is lost, and each can be tried again. */
export function MailTroubles() {
  const t = useT();
  const list = useInfiniteQuery({
    queryKey: KEY,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(MessageTroublesDocument, { after: pageParam }, signal)).inboundMessages,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  const rows = list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node));
  return (
    <Page
      title={t("mails.title")}
      subtitle={t("mails.help")}
      back={{ href: "/inbox", label: t("nav.inbox") }}
    >
      {!rows && list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {!rows && !list.error && <Skeleton rows={4} height={72} />}
      {rows?.length === 0 && <Empty>{t("mails.none")}</Empty>}
      {rows && rows.length > 0 && (
        <ul className={styles.list} aria-label={t("mails.title")}>
          {rows.map((mail) => (
            <li key={mail.id}>
              <Trouble mail={mail} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </Page>
  );
}

function Trouble({ mail }: { mail: InboundPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const { raw } = mail;
  const retry = useDecision("mails.retried", async (id) =>
    accepted((await execute(MessageReadAgainDocument, { id })).inboundRetry),
  );
  const dismiss = useDecision("mails.dismissed", async (id) =>
    accepted((await execute(MessagePutAsideDocument, { id })).inboundDismiss),
  );
  const busy = retry.isPending || dismiss.isPending;
  return (
    <Card title={mail.accountName} label={mail.accountName}>
      <dl className={styles.facts}>
        <dt>{t("mails.received")}</dt>
        <dd>{format.dateTime(mail.receivedAt)}</dd>
        <dt>{t("mails.problem")}</dt>
        <dd className={styles.problem}>
          <CircleAlert size={14} aria-hidden />
          {mail.error}
        </dd>
      </dl>
      <div className={styles.actions}>
        <Button
          icon={<RotateCw size={14} aria-hidden />}
          busy={busy}
          disabled={raw === null}
          onClick={() => retry.mutate(mail.id)}
        >
          {t("mails.retry")}
        </Button>
        {raw !== null && (
          <Button icon={<Download size={14} aria-hidden />} onClick={() => void openInNewTab(raw.url)}>
            {t("mails.download")} · {format.bytes(raw.sizeBytes)}
          </Button>
        )}
        <Button variant="tertiary" busy={busy} onClick={() => dismiss.mutate(mail.id)}>
          {t("mails.dismiss")}
        </Button>
      </div>
    </Card>
  );
}

function useDecision(done: "mails.retried" | "mails.dismissed", decide: (id: string) => Promise<unknown>) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: () => notify("success", t(done)),
    onError: (error) => notify("error", explain(error)),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
