import { Link } from "wouter";
import { Section } from "@/components/card";
import { OrderLink, TicketLink } from "@/components/case-link";
import { CasePage } from "@/components/case-page";
import { Box, Fact, Facts } from "@/components/facts";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { Page } from "@/components/page";
import type { WithdrawalDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { WithdrawalActions } from "./actions";
import { useWithdrawal } from "./data";
import { DutyPill, dayOf, WithdrawalPill } from "./status";
import styles from "./withdrawals.module.css";

/** One declared withdrawal. */
export function WithdrawalPage({ number }: { number: string }) {
  const t = useT();
  const back = { href: "/withdrawals", label: t("nav.withdrawals") };
  return (
    <CasePage
      number={number}
      title={t("withdrawal.title", { number })}
      back={back}
      query={useWithdrawal(number)}
    >
      {(withdrawal) => <Detail withdrawal={withdrawal} back={back} />}
    </CasePage>
  );
}

const nameOf = (line: { productName: string; variantName: string }): string =>
  [line.productName, line.variantName].filter(Boolean).join(" · ");

interface DetailProps {
  withdrawal: WithdrawalDetailFragment;
  back: { href: string; label: string };
}

function Detail({ withdrawal, back }: DetailProps) {
  const t = useT();
  return (
    <Page
      title={t("withdrawal.title", { number: withdrawal.number })}
      back={back}
      pill={
        <>
          <WithdrawalPill state={withdrawal.state} />
          <DutyPill duty={withdrawal.refundDuty} dueOn={withdrawal.refundDueOn} />
        </>
      }
      subtitle={
        <>
          <span>{withdrawal.name}</span>
          {withdrawal.order && <OrderLink order={withdrawal.order} />}
          {withdrawal.return && (
            <Link href={`/returns/${withdrawal.return.number}`}>{withdrawal.return.number}</Link>
          )}
        </>
      }
      actions={<WithdrawalActions withdrawal={withdrawal} />}
      aside={<Aside withdrawal={withdrawal} />}
    >
      {withdrawal.notices.map((notice) => (
        <Problem key={notice}>{notice}</Problem>
      ))}
      {withdrawal.outOfScopeReason !== null && (
        <Problem>{t("withdrawal.outOfScope.told", { reason: withdrawal.outOfScopeReason })}</Problem>
      )}
      <Section title={t("withdrawal.statement")}>
        <Box>
          <p lang={withdrawal.language} className={styles.statement}>
            {withdrawal.statement}
          </p>
        </Box>
      </Section>
      <Timing withdrawal={withdrawal} />
      <Goods withdrawal={withdrawal} />
    </Page>
  );
}

function Timing({ withdrawal }: { withdrawal: WithdrawalDetailFragment }) {
  const t = useT();
  const format = useFormat();
  const { acknowledgement, periodExplained, sendBackBy, sentProofAt } = withdrawal;
  return (
    <Section title={t("withdrawal.timing")}>
      <Box>
        <Facts>
          <Fact label={t("withdrawal.column.declared")}>{format.dateTime(withdrawal.declaredAt)}</Fact>
          <Fact label={t("withdrawal.acknowledgement")}>
            {acknowledgement
              ? t(`withdrawal.letter.${letterState(acknowledgement.state)}`, { email: acknowledgement.email })
              : t("withdrawal.letter.missing")}
            {acknowledgement?.error && ` ${acknowledgement.error}`}
          </Fact>
          {periodExplained !== null && <Fact label={t("withdrawal.period")}>{periodExplained}</Fact>}
          {sendBackBy !== null && (
            <Fact label={t("withdrawal.sendBack")}>{format.date(dayOf(sendBackBy))}</Fact>
          )}
          {sentProofAt !== null && (
            <Fact label={t("withdrawal.proof")}>
              {[format.dateTime(sentProofAt), withdrawal.proofTrackingNumber].filter(Boolean).join(" · ")}
            </Fact>
          )}
        </Facts>
        <Files files={withdrawal.proofs} />
      </Box>
    </Section>
  );
}

const LETTERS = ["pending", "sending", "sent", "failed", "unknown"] as const;

/** The delivery states that we have words for. */
function letterState(state: string): (typeof LETTERS)[number] {
  return LETTERS.find((one) => one === state) ?? "unknown";
}

function Goods({ withdrawal }: { withdrawal: WithdrawalDetailFragment }) {
  const t = useT();
  return (
    <Section title={t("withdrawal.goods")}>
      <Box>
        <ul className={styles.goods}>
          {withdrawal.wholeContract && <li>{t("withdrawal.whole")}</li>}
          {withdrawal.goods !== "" && <li>{t("withdrawal.inWords", { goods: withdrawal.goods })}</li>}
          {withdrawal.lines.map((line) => (
            <li key={line.orderLine.id}>
              {line.quantity} × {nameOf(line.orderLine)}
            </li>
          ))}
          {withdrawal.exceptions.map((one) => (
            <li key={one.orderLine.id}>
              {t("withdrawal.excepted", { name: nameOf(one.orderLine), reason: one.reason })}
            </li>
          ))}
        </ul>
      </Box>
    </Section>
  );
}

function Aside({ withdrawal }: { withdrawal: WithdrawalDetailFragment }) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      <Section title={t("case.customer")}>
        <Facts>
          <Fact label={withdrawal.name}>{withdrawal.email}</Fact>
          <Fact label={t("withdrawal.column.contract")}>{withdrawal.contract}</Fact>
          {withdrawal.decidedBy !== null && (
            <Fact label={t("withdrawal.decidedBy")}>{withdrawal.decidedBy}</Fact>
          )}
        </Facts>
        {withdrawal.ticket && <TicketLink ticket={withdrawal.ticket} />}
      </Section>
      <Section title={t("withdrawal.timeline")}>
        <ol className={styles.timeline}>
          {withdrawal.timeline.map((entry) => (
            <li key={`${entry.at} ${entry.event}`}>
              <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
              <span>{entry.text}</span>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}
