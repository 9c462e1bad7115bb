import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Muted, Section } from "@/components/card";
import { OrderLink, TicketLink } from "@/components/case-link";
import { CasePage } from "@/components/case-page";
import { Box, Fact, Facts } from "@/components/facts";
import { Page } from "@/components/page";
import { DateTime } from "@/components/time";
import type { ReturnDetailFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { ReturnActions } from "./actions";
import { CaseFacts, CaseNotices, Signals } from "./case-facts";
import { useReturn } from "./data";
import { Replacements } from "./exchange/state";
import { LineFacts } from "./line-facts";
import styles from "./return-page.module.css";
import { Settlements } from "./settlement/state";
import { BasisPill, HitchPill, ReturnPill, VerdictPill } from "./status";

/** What another feature draws on this page, by the return's id. */
type Slot = (returnId: string) => ReactNode;

/** One return from request to resolution. */
export function ReturnPage({ number, renderParcels }: { number: string; renderParcels: Slot }) {
  const t = useT();
  const back = { href: "/returns", label: t("nav.returns") };
  return (
    <CasePage number={number} title={t("return.title", { number })} back={back} query={useReturn(number)}>
      {(ret) => <Detail ret={ret} back={back} renderParcels={renderParcels} />}
    </CasePage>
  );
}

interface DetailProps {
  ret: ReturnDetailFragment;
  back: { href: string; label: string };
  renderParcels: Slot;
}

function Detail({ ret, back, renderParcels }: DetailProps) {
  const t = useT();
  const format = useFormat();
  const { statusUrl } = ret;
  return (
    <Page
      title={t("return.title", { number: ret.number })}
      back={back}
      pill={
        <>
          <ReturnPill state={ret.state} />
          <HitchPill hitch={ret.hitch} />
          <BasisPill basis={ret.legalBasis} />
        </>
      }
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
      <CaseNotices ret={ret} />
      <Section title={t("return.items")}>
        <Box>
          {ret.lines.map((line) => (
            <LineFacts key={line.id} line={line} caseBasis={ret.legalBasis} />
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
          <CaseFacts ret={ret} />
        </Box>
      </Section>
      <Section title={t("return.label")}>
        {renderParcels(ret.id)}
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
      </Section>
      <Section title={t("settle.section")}>
        <Box>
          <Settlements returnId={ret.id} />
          <Replacements returnId={ret.id} />
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
      <Signals ret={ret} />
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
