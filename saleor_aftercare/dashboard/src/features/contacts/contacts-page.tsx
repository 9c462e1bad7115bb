import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Lock } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty, Section } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { DateTime } from "@/components/time";
import {
  HandledContactsExportDocument,
  HandledMonthCloseDocument,
  HandledMonthDocument,
  HandledMonthsDocument,
} from "@/gql/contacts";
import type { HandledMonthPartsFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { now } from "@/lib/clock";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import { ContactList } from "./contact-list";
import styles from "./contacts.module.css";
import { monthOf, useChannelName, useMonthName } from "./words";

/** What people answered in a month: the basis of invoices for those who are paid per contact. */
export function ContactsPage() {
  const t = useT();
  const monthName = useMonthName();
  const [month, setMonth] = useState(() => monthOf(now()));
  const months = useQuery({
    queryKey: keys.handledMonths,
    queryFn: async ({ signal }) => (await execute(HandledMonthsDocument, {}, signal)).handledMonths,
  });
  const { data, error, refetch } = useQuery({
    queryKey: keys.handledMonth(month),
    queryFn: async ({ signal }) => (await execute(HandledMonthDocument, { month }, signal)).handledMonth,
  });
  const offered = [...new Set([monthOf(now()), ...(months.data ?? [])])].sort().reverse();
  return (
    <Page
      title={t("contacts.title")}
      subtitle={t("contacts.help")}
      back={{ href: "/settings", label: t("settings.title") }}
    >
      <div className={styles.bar}>
        <SelectField
          label={t("contacts.month")}
          value={month}
          onChange={(event) => setMonth(event.target.value)}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {monthName(one)}
            </option>
          ))}
        </SelectField>
        {data && <MonthActions month={data} />}
      </div>
      {data ? (
        <Month month={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={32} />
      )}
    </Page>
  );
}

function Month({ month }: { month: HandledMonthPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const channelName = useChannelName();
  const people = [...new Map(month.tallies.map((one) => [one.member.id, one.member.name])).entries()];
  return (
    <>
      <Facts>
        <Fact label={t("contacts.total")}>{format.number(month.total)}</Fact>
        <Fact label={t("contacts.state")}>
          {month.closedAt === null ? (
            <Pill tone="info">{t("contacts.open")}</Pill>
          ) : (
            <>
              <Pill tone="success" icon={<Lock aria-hidden />}>
                {t("contacts.closed")}
              </Pill>{" "}
              <DateTime at={month.closedAt} /> {month.closedBy ?? t("contacts.byItself")}
            </>
          )}
        </Fact>
        {month.digest !== null && (
          <Fact label={t("contacts.digest")}>
            <code className={styles.digest}>{month.digest}</code>
          </Fact>
        )}
      </Facts>
      {month.digestHolds === false && <Warning>{t("contacts.digestBroken")}</Warning>}
      {month.tallies.length === 0 ? (
        <Empty>{t("contacts.none")}</Empty>
      ) : (
        <Section title={t("contacts.figures")}>
          <div className={styles.scroller}>
            <table className={styles.table} aria-label={t("contacts.figures")}>
              <thead>
                <tr>
                  <th scope="col">{t("contacts.person")}</th>
                  <th scope="col">{t("contacts.team")}</th>
                  <th scope="col">{t("contacts.channel")}</th>
                  <th scope="col" className={styles.number}>
                    {t("contacts.contacts")}
                  </th>
                  <th scope="col" className={styles.number}>
                    {t("contacts.void")}
                  </th>
                </tr>
              </thead>
              {people.map(([id, name]) => {
                const rows = month.tallies.filter((one) => one.member.id === id);
                const sum = rows.reduce((all, one) => all + one.contacts, 0);
                const voided = rows.reduce((all, one) => all + one.void, 0);
                return (
                  <tbody key={id}>
                    {rows.map((one) => (
                      <tr key={`${one.teamName ?? ""}:${one.channel}`}>
                        <td>{name}</td>
                        <td>{one.teamName ?? "–"}</td>
                        <td>{channelName(one.channel)}</td>
                        <td className={styles.number}>{format.number(one.contacts)}</td>
                        <td className={styles.number}>{format.number(one.void)}</td>
                      </tr>
                    ))}
                    <tr className={styles.sum}>
                      <th scope="row" colSpan={3}>
                        {t("contacts.sumOf", { name })}
                      </th>
                      <td className={styles.number}>{format.number(sum)}</td>
                      <td className={styles.number}>{format.number(voided)}</td>
                    </tr>
                  </tbody>
                );
              })}
            </table>
          </div>
        </Section>
      )}
      {month.tallies.length > 0 && <ContactList key={month.month} month={month} />}
    </>
  );
}

function MonthActions({ month }: { month: HandledMonthPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const monthName = useMonthName();
  const mayClose = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const [asking, setAsking] = useState(false);
  const fetchList = useMutation({
    mutationFn: async () =>
      accepted((await execute(HandledContactsExportDocument, { month: month.month })).handledContactsExport),
    onSuccess: ({ url }) => {
      if (url) {
        void openInNewTab(url);
      }
    },
  });
  const close = useMutation({
    mutationFn: async () =>
      accepted((await execute(HandledMonthCloseDocument, { month: month.month })).handledMonthClose),
    onSuccess: () => {
      setAsking(false);
      void client.invalidateQueries({ queryKey: keys.handledMonth(month.month) });
    },
  });
  return (
    <div className={styles.actions}>
      <Button
        icon={<Download size={16} aria-hidden />}
        busy={fetchList.isPending}
        onClick={() => fetchList.mutate()}
      >
        {t("contacts.csv")}
      </Button>
      {mayClose && month.mayClose && (
        <Button icon={<Lock size={16} aria-hidden />} onClick={() => setAsking(true)}>
          {t("contacts.close")}
        </Button>
      )}
      {fetchList.error && <Problem>{explain(fetchList.error)}</Problem>}
      {asking && (
        <Dialog
          title={t("contacts.close.title", { month: monthName(month.month) })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t("common.cancel")}</Button>
              <Button variant="primary" busy={close.isPending} onClick={() => close.mutate()}>
                {t("contacts.close")}
              </Button>
            </>
          }
        >
          <p>{t("contacts.close.text")}</p>
          {close.error && <Problem>{explain(close.error)}</Problem>}
        </Dialog>
      )}
    </div>
  );
}
