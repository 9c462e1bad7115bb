import { useQuery } from "@tanstack/react-query";
import { Clock } from "lucide-react";
import { useState } from "react";
import { useIntl } from "react-intl";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Pill, type Tone } from "@/components/pill";
import { DateTime } from "@/components/time";
import { TicketSlaDocument } from "@/gql/sla";
import type { SlaTargetState, TicketSlaQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./sla-why.module.css";
import { DuePill } from "./status";

type Explanation = TicketSlaQuery["slaExplanation"];
type Target = Explanation["targets"][number];

const TONE: Record<SlaTargetState, Tone> = {
  RUNNING: "info",
  PAUSED: "neutral",
  MET: "success",
  BREACHED: "error",
  NOT_APPLICABLE: "neutral",
};
/** More stretches of time than these tell nobody anything. */
const SHOWN = 12;

interface DueTicket {
  id: string;
  state: string;
  breachAt: string | null;
  clocks: readonly { target: string; state: SlaTargetState }[];
}

/** By when something is owed, as a button that tells why. */
export function SlaWhy({ ticket }: { ticket: DueTicket }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const paused = ticket.breachAt === null && ticket.clocks.some((one) => one.state === "PAUSED");
  if (ticket.clocks.length === 0 && ticket.breachAt === null) {
    return null;
  }
  return (
    <>
      <button type="button" className={styles.button} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {ticket.breachAt !== null ? (
          <DuePill ticket={ticket} />
        ) : (
          <Pill icon={<Clock aria-hidden />}>{t(paused ? "sla.why.paused" : "sla.why.done")}</Pill>
        )}
        <span className="visually-hidden">{t("sla.why")}</span>
      </button>
      {open && (
        <Dialog
          title={t("sla.why")}
          onClose={() => setOpen(false)}
          footer={<Button onClick={() => setOpen(false)}>{t("common.close")}</Button>}
        >
          <Why ticketId={ticket.id} />
        </Dialog>
      )}
    </>
  );
}

function Why({ ticketId }: { ticketId: string }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.ticketSla(ticketId),
    staleTime: 0,
    queryFn: async ({ signal }) => (await execute(TicketSlaDocument, { ticketId }, signal)).slaExplanation,
  });
  if (!data) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton rows={5} height={24} />
    );
  }
  return (
    <div className={styles.why}>
      <Facts>
        <Fact label={t("sla.policy")}>{data.policyName ?? t("sla.why.default")}</Fact>
        <Fact label={t("sla.calendar")}>
          {data.calendarName ?? t("sla.calendar.own")} ({data.timeZone})
        </Fact>
      </Facts>
      {data.targets.map((target) => (
        <TargetWhy key={target.target} target={target} timeZone={data.timeZone} />
      ))}
      {data.daysOff.length > 0 && data.targets.some((one) => one.inWorkingTime) && (
        <section>
          <h3 className={styles.title}>{t("sla.why.daysOff")}</h3>
          <ul className={styles.list}>
            {data.daysOff.map((day) => (
              <li key={day.date}>
                {day.date} {day.name}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function TargetWhy({ target, timeZone }: { target: Target; timeZone: string }) {
  const t = useT();
  const format = useFormat();
  // Working time is told as the clock on the wall of its calendar shows it, other time as the reader's own does.
  const stretch = useStretch(target.inWorkingTime ? timeZone : undefined);
  return (
    <section className={styles.target}>
      <h3 className={styles.title}>
        {t(`sla.target.${target.target}`)}{" "}
        <Pill tone={TONE[target.state]}>{t(`sla.state.${target.state}`)}</Pill>
      </h3>
      {target.minutes !== null && (
        <Facts>
          <Fact label={t("sla.why.promised")}>
            {format.span(target.minutes * 60_000)}{" "}
            {t(target.inWorkingTime ? "sla.inWorkingTime" : "sla.byTheClock")}
          </Fact>
          {target.startedAt !== null && (
            <Fact label={t("sla.why.since")}>
              <DateTime at={target.startedAt} />
            </Fact>
          )}
          {target.dueAt !== null && (
            <Fact label={t("sla.why.due")}>
              <DateTime at={target.dueAt} />
            </Fact>
          )}
          {target.stoppedAt !== null && (
            <Fact label={t("sla.why.done")}>
              <DateTime at={target.stoppedAt} />
            </Fact>
          )}
          {target.elapsedSeconds !== null && (
            <Fact label={t("sla.why.counted")}>{format.span(target.elapsedSeconds * 1000)}</Fact>
          )}
        </Facts>
      )}
      {target.intervals.length > 0 && (
        <>
          <h4 className={styles.small}>{t("sla.why.intervals")}</h4>
          <ul className={styles.list}>
            {target.intervals.slice(0, SHOWN).map((one) => (
              <li key={one.start}>
                {stretch(one.start, one.end)} · {format.span(one.seconds * 1000)}
              </li>
            ))}
            {target.intervals.length > SHOWN && (
              <li>{t("sla.why.more", { count: target.intervals.length - SHOWN })}</li>
            )}
          </ul>
        </>
      )}
      {target.pauses.length > 0 && (
        <>
          <h4 className={styles.small}>{t("sla.why.pauses")}</h4>
          <ul className={styles.list}>
            {target.pauses.map((one) => (
              <li key={one.start}>
                {one.end === null
                  ? t("sla.why.pausedSince", { at: format.dateTime(one.start) })
                  : stretch(one.start, one.end)}{" "}
                · {t(`sla.standing.${one.standing}`)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** From when to when, in a zone; without one in the reader's. */
function useStretch(timeZone: string | undefined): (start: string, end: string) => string {
  const { locale } = useIntl();
  const shown = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone !== undefined && { timeZone }),
  });
  return (start, end) => shown.formatRange(new Date(start), new Date(end));
}
