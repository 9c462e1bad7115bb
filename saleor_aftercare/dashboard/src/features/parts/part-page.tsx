import { Section } from "@/components/card";
import { OrderLink, TicketLink } from "@/components/case-link";
import { CasePage } from "@/components/case-page";
import { Box, Fact, Facts } from "@/components/facts";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { Page } from "@/components/page";
import { RequestActions } from "@/components/request-actions";
import { PartPill } from "@/components/request-pill";
import type { PartDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { acceptPart, declinePart, usePart } from "./data";

/** One spare-part request. */
export function PartPage({ number }: { number: string }) {
  const t = useT();
  const back = { href: "/parts", label: t("nav.parts") };
  return (
    <CasePage number={number} title={t("part.title", { number })} back={back} query={usePart(number)}>
      {(part) => <Detail part={part} back={back} />}
    </CasePage>
  );
}

interface DetailProps {
  part: PartDetailFragment;
  back: { href: string; label: string };
}

function Detail({ part, back }: DetailProps) {
  const t = useT();
  const format = useFormat();
  return (
    <Page
      title={t("part.title", { number: part.number })}
      back={back}
      pill={<PartPill state={part.state} />}
      subtitle={
        <>
          <span>{part.customerName || part.customerEmail}</span>
          {part.order && <OrderLink order={part.order} />}
          <span>{t("case.requested", { date: format.dateTime(part.requestedAt) })}</span>
        </>
      }
      actions={
        <RequestActions
          request={part}
          accept={() => acceptPart(part.id)}
          decline={(reason) => declinePart(part.id, reason)}
        />
      }
      aside={
        <Section title={t("case.customer")}>
          <Facts>
            <Fact label={part.customerName}>{part.customerEmail}</Fact>
          </Facts>
          {part.ticket && <TicketLink ticket={part.ticket} />}
        </Section>
      }
    >
      {part.declineReason !== null && <Problem>{t("case.declined", { reason: part.declineReason })}</Problem>}
      <Section title={t("case.product")}>
        <Box>
          <Facts>
            <Fact label={t("case.product")}>
              {[part.productName, part.orderLine?.variantName].filter(Boolean).join(" · ")}
            </Fact>
            {part.serialNumber !== "" && <Fact label={t("case.serialLabel")}>{part.serialNumber}</Fact>}
            <Fact label={t("part.quantityLabel")}>{t("part.quantity", { count: part.quantity })}</Fact>
          </Facts>
        </Box>
      </Section>
      <Section title={t("part.wanted")}>
        <Box>
          <p>{part.partDescription}</p>
          <Files files={part.photos} />
        </Box>
      </Section>
    </Page>
  );
}
