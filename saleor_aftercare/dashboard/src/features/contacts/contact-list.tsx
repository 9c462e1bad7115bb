import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Empty, Muted, Section } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { StateFilter } from "@/components/list-bar";
import { Pill } from "@/components/pill";
import { DateTime } from "@/components/time";
import { HandledContactsDocument, HandledContactVoidDocument } from "@/gql/contacts";
import type { HandledContactPartsFragment, HandledMonthPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { type MessageId, useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import styles from "./contacts.module.css";
import { useChannelName } from "./words";

/** Why a contact does not count; a later release of the service may know others. */
const REASONS: Readonly<Record<string, MessageId>> = {
  duplicate: "contacts.reason.duplicate",
  test: "contacts.reason.test",
  spam: "contacts.reason.spam",
  other: "contacts.reason.other",
};
const STANDINGS = ["counts", "void"] as const;
type Standing = (typeof STANDINGS)[number];

/** Each contact of a month; as long as it is open, whoever leads the shop says which of them do not count. */
export function ContactList({ month }: { month: HandledMonthPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const mayVoid = useMay("MANAGE_APPS", "MANAGE_SETTINGS") && month.closedAt === null;
  const [memberId, setMemberId] = useState("");
  const [standing, setStanding] = useState<Standing | "">("");
  const [asking, setAsking] = useState<HandledContactPartsFragment>();
  const filter = { memberId: memberId || null, void: standing === "" ? null : standing === "void" };
  const list = useInfiniteQuery({
    queryKey: keys.handledContacts(month.month, memberId, standing),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(HandledContactsDocument, { month: month.month, ...filter, after: pageParam }, signal))
        .handledContacts,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  const people = new Map(month.tallies.map(({ member }) => [member.id, member.name]));
  const rows = list.data?.pages.flatMap((page) => page.edges.map(({ node }) => node));
  const total = list.data?.pages[0]?.totalCount;
  return (
    <Section
      title={t("contacts.list")}
      aside={total != null && <Muted>{t("contacts.list.count", { count: total })}</Muted>}
    >
      <div className={styles.filters}>
        <SelectField
          label={t("contacts.person")}
          value={memberId}
          onChange={(event) => setMemberId(event.target.value)}
        >
          <option value="">{t("common.all")}</option>
          {[...people].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <StateFilter
          states={STANDINGS}
          label={(one) => `contacts.standing.${one}` as const}
          value={standing}
          onChange={setStanding}
        />
      </div>
      {month.closedAt !== null && <Muted>{t("contacts.list.final")}</Muted>}
      {!rows && list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {!rows && !list.error && <Skeleton rows={6} height={44} />}
      {rows?.length === 0 && <Empty>{t("contacts.list.none")}</Empty>}
      {rows && rows.length > 0 && (
        <ul className={styles.contacts} aria-label={t("contacts.list")}>
          {rows.map((one) => (
            <ContactRow
              key={one.id}
              contact={one}
              month={month.month}
              mayVoid={mayVoid}
              onVoid={() => setAsking(one)}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
      {asking && (
        <VoidDialog
          contact={asking}
          title={t("contacts.void.title", {
            number: asking.ticketNumber,
            moment: format.dateTime(asking.answeredAt),
          })}
          month={month.month}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Section>
  );
}

/** Says that a contact does not count, or with an empty reason that it does; the figures follow. */
function useVoid(month: string, onDone?: () => void) {
  const t = useT();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, reason }: { id: string; reason: string }) =>
      accepted((await execute(HandledContactVoidDocument, { id, reason })).handledContactVoid),
    onSuccess: (_payload, { reason }) => {
      notify("success", t(reason === "" ? "contacts.counts.done" : "contacts.void.done"));
      onDone?.();
    },
    // Also when it was refused: somebody may have closed the month meanwhile.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.handledMonth(month) }),
        client.invalidateQueries({ queryKey: keys.handledContactsOf(month) }),
      ]),
  });
}

interface ContactRowProps {
  contact: HandledContactPartsFragment;
  month: string;
  mayVoid: boolean;
  onVoid: () => void;
}

function ContactRow({ contact, month, mayVoid, onVoid }: ContactRowProps) {
  const t = useT();
  const explain = useExplain();
  const channelName = useChannelName();
  const restore = useVoid(month);
  const isVoid = contact.voidReason !== "";
  const reason = REASONS[contact.voidReason];
  const name = `#${contact.ticketNumber}`;
  return (
    <li className={styles.contact}>
      <div className={styles.about}>
        <Link href={`/inbox/tickets/${contact.ticketNumber}?view=all`} className={styles.subject}>
          {name} {contact.subject}
        </Link>
        <span className={styles.range}>
          <DateTime at={contact.answeredAt} /> · {contact.member.name}
          {contact.teamName !== null && ` (${contact.teamName})`} · {channelName(contact.channel)}
        </span>
        {restore.error && <Problem>{explain(restore.error)}</Problem>}
      </div>
      {isVoid && (
        <Pill tone="warning">
          {t("contacts.void.because", { reason: reason ? t(reason) : contact.voidReason })}
        </Pill>
      )}
      {mayVoid &&
        (isVoid ? (
          <Button
            variant="tertiary"
            busy={restore.isPending}
            aria-label={t("contacts.named", { action: t("contacts.counts"), name })}
            onClick={() => restore.mutate({ id: contact.id, reason: "" })}
          >
            {t("contacts.counts")}
          </Button>
        ) : (
          <Button
            variant="tertiary"
            aria-label={t("contacts.named", { action: t("contacts.void.do"), name })}
            onClick={onVoid}
          >
            {t("contacts.void.do")}
          </Button>
        ))}
    </li>
  );
}

interface VoidDialogProps {
  contact: HandledContactPartsFragment;
  title: string;
  month: string;
  onClose: () => void;
}

function VoidDialog({ contact, title, month, onClose }: VoidDialogProps) {
  const t = useT();
  const [reason, setReason] = useState("duplicate");
  const take = useVoid(month, onClose);
  return (
    <FormDialog
      title={title}
      confirm={t("contacts.void.confirm")}
      busy={take.isPending}
      error={take.error}
      onClose={onClose}
      onSubmit={() => take.mutate({ id: contact.id, reason })}
    >
      <div className={styles.dialog}>
        <p>{t("contacts.void.text")}</p>
        <SelectField
          label={t("contacts.void.reason")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        >
          {Object.entries(REASONS).map(([value, label]) => (
            <option key={value} value={value}>
              {t(label)}
            </option>
          ))}
        </SelectField>
      </div>
    </FormDialog>
  );
}
