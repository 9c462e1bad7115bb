import { Link } from "wouter";
import { Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import { Pill } from "@/components/pill";
import { Thumb } from "@/components/thumb";
import type { ReturnCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./return-page.module.css";
import { BasisPill } from "./status";

type Line = ReturnCardFragment["lines"][number];

/** One line of a return: what, why, on what grounds, what the customer wants for it, and what became of it. */
export function LineFacts({ line, caseBasis }: { line: Line; caseBasis: ReturnCardFragment["legalBasis"] }) {
  const t = useT();
  const format = useFormat();
  return (
    <div className={styles.line}>
      <Thumb url={line.orderLine.thumbnailUrl} size={44} />
      <div className={styles.what}>
        <p className={styles.product}>
          {t("return.line", { quantity: line.quantity, product: line.orderLine.productName })}
        </p>
        <Muted>{[line.orderLine.variantName, line.reasonLabel].filter(Boolean).join(" · ")}</Muted>
        {line.answers.map((one) => (
          <Muted key={one.code}>{`${one.question} ${one.answer}`}</Muted>
        ))}
        {line.note !== "" && <p>{line.note}</p>}
        <Files files={line.photos} />
        <div className={styles.pills}>
          <Pill>
            {line.exchangeName
              ? t("return.wants.exchange", { name: line.exchangeName })
              : t(`return.resolution.${line.resolution}`)}
          </Pill>
          {line.legalBasis !== caseBasis && <BasisPill basis={line.legalBasis} />}
          {line.kept && <Pill tone="info">{t("return.kept")}</Pill>}
          {line.repairNumber !== null && (
            <Link href={`/repairs/${line.repairNumber}`}>
              <Pill tone="info">{t("return.inRepair", { number: line.repairNumber })}</Pill>
            </Link>
          )}
          {line.shopRepairNumbers.map((number) => (
            <Link key={number} href={`/repairs/${number}`}>
              <Pill>{t("return.shopRepair", { number })}</Pill>
            </Link>
          ))}
        </div>
        <Counts line={line} />
        {line.rejectReason !== null && <Problem>{line.rejectReason}</Problem>}
      </div>
      <span className={styles.amount}>{format.money(line.amount)}</span>
    </div>
  );
}

/** What was approved and what arrived, where that is not simply everything. */
function Counts({ line }: { line: Line }) {
  const t = useT();
  const { quantity, quantityApproved, quantityReceived, quantityWrong, quantityRejected, unsent } = line;
  const wanted = quantityApproved ?? quantity;
  const missing = quantityReceived === null ? 0 : Math.max(0, wanted - quantityReceived - quantityWrong);
  const parts = [
    quantityApproved !== null && quantityApproved < quantity
      ? t("return.count.approved", { count: quantityApproved, quantity })
      : "",
    unsent > 0 ? t("return.count.unsent", { count: unsent }) : "",
    quantityReceived !== null
      ? t("return.lineReceived", { received: quantityReceived, quantity: wanted })
      : "",
    quantityWrong > 0 ? t("return.count.wrong", { count: quantityWrong }) : "",
    quantityRejected > 0 ? t("return.count.rejected", { count: quantityRejected }) : "",
    missing > 0 && !line.kept ? t("return.count.missing", { count: missing }) : "",
  ].filter(Boolean);
  return parts.length > 0 ? <Muted>{parts.join(" · ")}</Muted> : null;
}
