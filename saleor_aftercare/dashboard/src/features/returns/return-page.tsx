import { ExternalLink } from "lucide-react";
import { Button } from "@/components/button";
import { Empty, Muted, Section } from "@/components/card";
import { OrderLink, TicketLink } from "@/components/case-link";
import { Box, Fact, Facts } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Files } from "@/components/files";
import { Page } from "@/components/page";
import { Thumb } from "@/components/thumb";
import { DateTime } from "@/components/time";
import type { ReturnDetailFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { ReturnActions } from "./actions";
import { useReturn } from "./data";
import { Label } from "./label";
import { RefundState } from "./refund-state";
import styles from "./return-page.module.css";
import { ReturnPill, VerdictPill } from "./status";

/** One return from request to resolution. */
export function ReturnPage({ number }: { number: string }) {
  const t = useT();
  const { data: ret, error, isPending, refetch } = useReturn(number);
  const back = { href: "/returns", label: t("nav.returns") };
  if (ret) {
    return <Detail ret={ret} back={back} />;
  }
  return (
    <Page title={t("return.title", { number })} back={back}>
      {isPending ? (
        <Skeleton rows={6} height={40} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Empty>{t("case.notFound", { number })}</Empty>
      )}
    </Page>
  );
}

function Detail({ ret, back }: { ret: ReturnDetailFragment; back: { href: string; label: string } }) {
  const t = useT();
  const format = useFormat();
  const { statusUrl } = ret;
  return (
    <Page
      title={t("return.title", { number: ret.number })}
      back={back}
      pill={<ReturnPill state={ret.state} />}
      subtitle={
        <>
          <span>{ret.order.customerName}</span>
          <OrderLink order={ret.order} />
          <span>{t("case.requested", { date: format.dateTime(ret.requestedAt) })}</span>
        </>
      }
      actions={<ReturnActions ret={ret} all />}
      aside={<Aside ret={ret} />}
    >
      {ret.declineReason !== null && <Problem>{t("case.declined", { reason: ret.declineReason })}</Problem>}
      <Section title={t("return.items")}>
        <Box>
          {ret.lines.map((line) => (
            <div key={line.id} className={styles.line}>
              <Thumb url={line.orderLine.thumbnailUrl} size={44} />
              <div className={styles.what}>
                <p className={styles.product}>
                  {t("return.line", { quantity: line.quantity, product: line.orderLine.productName })}
                </p>
                <Muted>
                  {[line.orderLine.variantName, t(`return.reason.${line.reason}`)]
                    .filter(Boolean)
                    .join(" · ")}
                </Muted>
                {line.note !== "" && <p>{line.note}</p>}
                <Files files={line.photos} />
                {line.quantityReceived !== null && (
                  <Muted>
                    {t("return.lineReceived", { received: line.quantityReceived, quantity: line.quantity })}
                  </Muted>
                )}
              </div>
              <span className={styles.amount}>{format.money(line.amount)}</span>
            </div>
          ))}
          {ret.note !== "" && <Muted>{t("return.customerNote", { note: ret.note })}</Muted>}
        </Box>
      </Section>
      <Section title={t("return.policy")} aside={<VerdictPill verdict={ret.verdict} />}>
        <Box>
          {ret.policyMessages.map((message) => (
            <p key={message}>{message}</p>
          ))}
          <Muted>{t(`return.pays.${ret.whoPaysReturnShipping}`)}</Muted>
        </Box>
      </Section>
      <Section title={t("return.label")}>
        <Box>
          <Label ret={ret} detailed />
          {statusUrl !== null && (
            <div>
              <Button
                icon={<ExternalLink size={14} aria-hidden />}
                onClick={() => void openInNewTab(statusUrl)}
              >
                {t("return.statusPage")}
              </Button>
            </div>
          )}
        </Box>
      </Section>
      <Section title={t("refund.section")}>
        <Box muted={ret.refund !== null}>
          {ret.refund ? (
            <RefundState refund={ret.refund} detailed />
          ) : (
            <Muted>{ret.actions.includes("refund") ? t("refund.none") : t("refund.afterReceipt")}</Muted>
          )}
          <Muted>{ret.recordedInSaleor ? t("return.recorded") : t("return.notRecorded")}</Muted>
        </Box>
      </Section>
    </Page>
  );
}

function Aside({ ret }: { ret: ReturnDetailFragment }) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      <Section title={t("case.customer")}>
        <Facts>
          <Fact label={ret.order.customerName}>{ret.order.customerEmail}</Fact>
          <Fact label={t("order.title", { number: ret.order.number })}>{format.money(ret.order.total)}</Fact>
        </Facts>
        {ret.ticket && <TicketLink ticket={ret.ticket} />}
      </Section>
      <Section title={t("case.timeline")}>
        <ol className={styles.timeline}>
          {ret.timeline.map((entry) => (
            <li key={`${entry.at} ${entry.event}`}>
              <p>{entry.text}</p>
              <Muted>
                <DateTime at={entry.at} />
                {entry.actor !== null && <> · {entry.actor}</>}
              </Muted>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}
