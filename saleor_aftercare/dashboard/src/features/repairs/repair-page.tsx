import { Muted, Section } from "@/components/card";
import { OrderLink, TicketLink } from "@/components/case-link";
import { CasePage } from "@/components/case-page";
import { Box, Fact, Facts } from "@/components/facts";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { Page } from "@/components/page";
import { RequestActions } from "@/components/request-actions";
import { RepairPill } from "@/components/request-pill";
import type { RepairDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { acceptRepair, declineRepair, useRepair } from "./data";
import { IntakeSlip } from "./intake-slip";
import styles from "./repairs.module.css";
import { nameOf, ReturnLink } from "./whose";
import { WorkshopActions } from "./workshop";

/** One repair request. */
export function RepairPage({ number }: { number: string }) {
  const t = useT();
  const back = { href: "/repairs", label: t("nav.repairs") };
  return (
    <CasePage number={number} title={t("repair.title", { number })} back={back} query={useRepair(number)}>
      {(repair) => <Detail repair={repair} back={back} />}
    </CasePage>
  );
}

interface DetailProps {
  repair: RepairDetailFragment;
  back: { href: string; label: string };
}

function Detail({ repair, back }: DetailProps) {
  const t = useT();
  const format = useFormat();
  return (
    <Page
      title={t("repair.title", { number: repair.number })}
      back={back}
      pill={<RepairPill state={repair.state} />}
      subtitle={
        <>
          <span>{nameOf(repair, t)}</span>
          {repair.order && <OrderLink order={repair.order} />}
          <span>{t("case.requested", { date: format.dateTime(repair.requestedAt) })}</span>
        </>
      }
      actions={
        <>
          <RequestActions
            request={repair}
            accept={() => acceptRepair(repair.id)}
            decline={(reason) => declineRepair(repair.id, reason)}
          />
          <WorkshopActions repair={repair} />
        </>
      }
      aside={
        <Section title={t("case.customer")}>
          {repair.forWhom === "SHOP" ? (
            <Muted>{t("repair.for.shopHelp")}</Muted>
          ) : (
            <Facts>
              <Fact label={repair.customerName}>{repair.customerEmail}</Fact>
            </Facts>
          )}
          {repair.ticket && <TicketLink ticket={repair.ticket} />}
        </Section>
      }
    >
      {repair.declineReason !== null && (
        <Problem>{t("case.declined", { reason: repair.declineReason })}</Problem>
      )}
      <Section title={t("case.product")}>
        <Box>
          <Facts>
            <Fact label={t("case.product")}>
              {[repair.productName, repair.orderLine?.variantName].filter(Boolean).join(" · ")}
            </Fact>
            {repair.quantity > 1 && (
              <Fact label={t("repair.quantity")}>{format.number(repair.quantity)}</Fact>
            )}
            {repair.serialNumber !== "" && <Fact label={t("case.serialLabel")}>{repair.serialNumber}</Fact>}
            {repair.checkedInAt !== null && (
              <Fact label={t("repair.checkedIn")}>{format.dateTime(repair.checkedInAt)}</Fact>
            )}
            {repair.returnNumber !== null && (
              <Fact label={t("repair.return")}>
                <ReturnLink number={repair.returnNumber} />
              </Fact>
            )}
          </Facts>
        </Box>
      </Section>
      <Section title={t("repair.fault")}>
        <Box>
          <p className={styles.words}>{repair.description}</p>
          {repair.findings !== null && (
            <>
              <h3 className={styles.heading}>{t("repair.findings")}</h3>
              <p className={styles.words}>{repair.findings}</p>
            </>
          )}
          <Files files={repair.photos} />
        </Box>
      </Section>
      {repair.intakeSlipUrl !== null && <IntakeSlip url={repair.intakeSlipUrl} />}
    </Page>
  );
}
