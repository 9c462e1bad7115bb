import { PhoneCall, PhoneIncoming, PhoneMissed, PhoneOutgoing } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Card, Empty } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { ListBar, StateFilter } from "@/components/list-bar";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { Age, DateTime } from "@/components/time";
import type { CallList, CallPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import styles from "./call.module.css";
import { useCallBack, useCalls, useRinging } from "./call-data";
import { CallDialog } from "./call-dialog";

const LISTS = ["CALL_BACK", "MISSED"] as const satisfies readonly CallList[];
const TONES = { ANSWERED: "success", MISSED: "error", NO_ANSWER: "attention", BUSY: "attention" } as const;

/** The telephone log: who rings now, whom to call back, and every call there was. */
export function CallsPage() {
  const t = useT();
  const [which, setWhich] = useState<CallList>("CALL_BACK");
  const [noting, setNoting] = useState<{ number?: string; isInbound?: boolean }>();
  const list = useCalls(which);
  const ringing = useRinging();
  const rows = list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node));
  return (
    <Page
      title={t("calls.title")}
      subtitle={t("calls.help")}
      back={{ href: "/inbox", label: t("nav.inbox") }}
      actions={
        <Button variant="primary" onClick={() => setNoting({})}>
          {t("calls.note")}
        </Button>
      }
    >
      <div className={styles.page}>
        <div role="status">
          {ringing.data && ringing.data.length > 0 && (
            <Card title={t("calls.ringing")} label={t("calls.ringing")}>
              <ul className={styles.list}>
                {ringing.data.map((call) => (
                  <Ringing
                    key={call.id}
                    call={call}
                    onNote={() => setNoting({ number: call.number, isInbound: call.isInbound })}
                  />
                ))}
              </ul>
            </Card>
          )}
        </div>
        <ListBar>
          <StateFilter
            states={LISTS}
            label={(one) => `calls.list.${one}`}
            value={which === "ALL" ? "" : which}
            onChange={(one) => setWhich(one === "" ? "ALL" : one)}
          />
        </ListBar>
        {!rows && list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
        {!rows && !list.error && <Skeleton rows={5} height={56} />}
        {rows?.length === 0 && <Empty>{t(`calls.none.${which}`)}</Empty>}
        {rows && rows.length > 0 && (
          <ul className={styles.list} aria-label={t(`calls.list.${which}`)}>
            {rows.map((call) => (
              <Row
                key={call.id}
                call={call}
                onCall={() => setNoting({ number: call.number, isInbound: false })}
              />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("common.more")}
          </Button>
        )}
      </div>
      {noting && <CallDialog {...noting} onClose={() => setNoting(undefined)} />}
    </Page>
  );
}

function Who({ call }: { call: CallPartsFragment }) {
  const t = useT();
  return (
    <span className={styles.who}>
      <strong>{call.person?.name || call.numberShown || t("calls.withheld")}</strong>
      {call.person?.name && <span className={styles.muted}>{call.numberShown}</span>}
    </span>
  );
}

function Ringing({ call, onNote }: { call: CallPartsFragment; onNote: () => void }) {
  const t = useT();
  return (
    <li className={styles.row}>
      <PhoneCall size={16} aria-hidden />
      <Who call={call} />
      <Pill tone="attention">{t(call.answeredAt ? "calls.talking" : "calls.rings")}</Pill>
      <Button onClick={onNote}>{t("calls.note")}</Button>
    </li>
  );
}

function Row({ call, onCall }: { call: CallPartsFragment; onCall: () => void }) {
  const t = useT();
  const explain = useExplain();
  const { done } = useCallBack();
  const promised = call.callBackAt !== null && call.calledBackAt === null;
  const late = promised && new Date(call.callBackAt ?? "") < new Date();
  const Icon = !call.isInbound ? PhoneOutgoing : call.outcome === "MISSED" ? PhoneMissed : PhoneIncoming;
  const tone = call.outcome && call.outcome in TONES ? TONES[call.outcome as keyof typeof TONES] : "neutral";
  return (
    <li className={styles.row}>
      <Icon size={16} aria-label={t(call.isInbound ? "calls.inbound" : "calls.outbound")} />
      <Who call={call} />
      <span className={styles.what}>
        {call.outcome && <Pill tone={tone}>{t(`calls.outcome.${call.outcome}`)}</Pill>}
        {call.durationSeconds !== null && call.outcome === "ANSWERED" && (
          <span className={styles.muted}>
            {t("calls.length", { minutes: Math.max(1, Math.round(call.durationSeconds / 60)) })}
          </span>
        )}
        {promised && (
          <Pill tone={late ? "error" : "warning"}>
            {t("calls.callBack")} <DateTime at={call.callBackAt ?? ""} />
          </Pill>
        )}
        <span className={styles.muted}>
          <Age at={call.startedAt} />
          {call.member && ` · ${call.member.name}`}
        </span>
      </span>
      <span className={styles.actions}>
        {call.ticket && <Link href={`/inbox/tickets/${call.ticket.number}`}>#{call.ticket.number}</Link>}
        {promised && (
          <>
            <Button onClick={onCall}>{t("calls.noteBack")}</Button>
            <Button busy={done.isPending} onClick={() => done.mutate(call.id)}>
              {t("calls.done")}
            </Button>
          </>
        )}
      </span>
      {done.error && <Problem>{explain(done.error)}</Problem>}
    </li>
  );
}
