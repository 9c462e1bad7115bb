import { Link } from "wouter";
import { Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { RequestActions } from "@/components/request-actions";
import { PartPill } from "@/components/request-pill";
import type { PartCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { acceptPart, declinePart } from "./data";

/** A spare-part request beside its conversation. */
export function PartCard({ part }: { part: PartCardFragment }) {
  const t = useT();
  const title = t("part.title", { number: part.number });
  return (
    <Card label={title} title={<Link href={`/parts/${part.number}`}>{title}</Link>}>
      <Muted>
        {part.productName} · {t("part.quantity", { count: part.quantity })}
      </Muted>
      {part.serialNumber !== "" && <Muted>{t("case.serial", { number: part.serialNumber })}</Muted>}
      <p>{part.partDescription}</p>
      <Files files={part.photos} />
      <div>
        <PartPill state={part.state} />
      </div>
      {part.declineReason !== null && <Problem>{t("case.declined", { reason: part.declineReason })}</Problem>}
      <RequestActions
        request={part}
        accept={() => acceptPart(part.id)}
        decline={(reason) => declinePart(part.id, reason)}
      />
    </Card>
  );
}
