import { Link } from "wouter";
import { Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { RequestActions } from "@/components/request-actions";
import { RepairPill } from "@/components/request-pill";
import type { RepairCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { acceptRepair, declineRepair } from "./data";
import { IntakeSlip } from "./intake-slip";
import styles from "./repairs.module.css";
import { ReturnLink } from "./whose";
import { WorkshopActions } from "./workshop";

/** A repair request beside its conversation. */
export function RepairCard({ repair }: { repair: RepairCardFragment }) {
  const t = useT();
  const title = t("repair.title", { number: repair.number });
  return (
    <Card label={title} title={<Link href={`/repairs/${repair.number}`}>{title}</Link>}>
      <Muted>{repair.productName}</Muted>
      {repair.serialNumber !== "" && <Muted>{t("case.serial", { number: repair.serialNumber })}</Muted>}
      {repair.returnNumber !== null && (
        <Muted>
          {t("repair.return")}: <ReturnLink number={repair.returnNumber} />
        </Muted>
      )}
      <p className={styles.words}>{repair.description}</p>
      <Files files={repair.photos} />
      <div>
        <RepairPill state={repair.state} />
      </div>
      {repair.declineReason !== null && (
        <Problem>{t("case.declined", { reason: repair.declineReason })}</Problem>
      )}
      <RequestActions
        request={repair}
        accept={() => acceptRepair(repair.id)}
        decline={(reason) => declineRepair(repair.id, reason)}
      />
      <WorkshopActions repair={repair} />
      {repair.intakeSlipUrl !== null && <IntakeSlip url={repair.intakeSlipUrl} />}
    </Card>
  );
}
