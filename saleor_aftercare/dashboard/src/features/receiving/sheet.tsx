import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Actions, Muted, Section } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Files } from "@/components/files";
import { Pill, type Tone } from "@/components/pill";
import { Thumb } from "@/components/thumb";
import { ReceivingArriveDocument, ReceivingVoidDocument } from "@/gql/receiving";
import type {
  ReceivingInspectionPartsFragment,
  ReceivingLinePartsFragment,
  ReceivingSheetFragment,
  StockBooking,
} from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import { useSheet } from "./data";
import { InspectForm, RejectForm } from "./inspect-form";
import { nameOf, ReceiveForm } from "./receive-form";
import styles from "./receiving.module.css";
import { SendBack } from "./send-back";

export const BOOKING_TONES: Record<StockBooking, Tone> = {
  NONE: "neutral",
  DUE: "info",
  BOOKED: "success",
  FAILED: "error",
  BY_HAND: "warning",
};

/** All that the warehouse knows of one return, and what is to be done with its parcel. */
export function Sheet({ number }: { number: string }) {
  const sheet = useSheet(number);
  if (sheet.error) {
    return <ErrorNotice error={sheet.error} onRetry={() => void sheet.refetch()} />;
  }
  return sheet.data ? <Content ret={sheet.data} /> : <Skeleton rows={4} height={48} />;
}

function Content({ ret }: { ret: ReceivingSheetFragment }) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const arrive = useStep(async () =>
    accepted((await execute(ReceivingArriveDocument, { id: ret.id })).receivingArrive),
  );
  const [refusal, setRefusal] = useState<unknown>();
  const may = (action: string) => ret.actions.includes(action);
  return (
    <div className={styles.sheet}>
      <header className={styles.sheetHead}>
        <div>
          <p className={styles.number}>{ret.number}</p>
          <Muted>
            {[t("receiving.found.order", { number: ret.orderNumber }), ret.senderName]
              .filter(Boolean)
              .join(" · ")}
          </Muted>
        </div>
        <Pill tone={may("receive") ? "info" : "neutral"}>{t(`return.state.${ret.state}`)}</Pill>
      </header>
      {["EXPIRED", "CANCELED", "DECLINED"].includes(ret.state) && (
        <Problem>{t(ret.state === "DECLINED" ? "receiving.sheet.declined" : "receiving.sheet.late")}</Problem>
      )}
      {may("arrive") && (
        <Actions>
          <Button busy={arrive.isPending} onClick={() => arrive.mutate(undefined)}>
            {t("receiving.sheet.arrive")}
          </Button>
        </Actions>
      )}
      {arrive.error && <Problem>{explain(arrive.error)}</Problem>}
      {refusal !== undefined && <Problem>{explain(refusal)}</Problem>}
      {may("receive") && <ReceiveForm key={`${ret.id}:${ret.seen}`} ret={ret} onRefused={setRefusal} />}
      {ret.lines.some((line) => line.received > 0 || line.wrong > 0) && (
        <Section title={t("receiving.sheet.received")}>
          <ul className={styles.list}>
            {ret.lines.map((line) => (
              <Received key={line.id} ret={ret} line={line} />
            ))}
          </ul>
        </Section>
      )}
      {ret.sendBack && <SendBack ret={ret} sendBack={ret.sendBack} />}
      {ret.parcels.map((one) => (
        <Muted key={one.position}>
          {t("receiving.sheet.parcel", {
            n: one.position,
            when: format.dateTime(one.receivedAt),
            who: one.receivedBy,
          })}
          {one.note !== "" && ` ${one.note}`}
        </Muted>
      ))}
    </div>
  );
}

function Received({ ret, line }: { ret: ReceivingSheetFragment; line: ReceivingLinePartsFragment }) {
  const t = useT();
  const [open, setOpen] = useState<"inspect" | "reject">();
  const facts = [
    t("receiving.line.received", { count: line.received, of: line.approved }),
    line.wrong > 0 && t("receiving.line.wrong", { count: line.wrong }),
    line.rejected > 0 && t("receiving.line.rejected", { count: line.rejected }),
    line.outstanding > 0 && t("receiving.line.outstanding", { count: line.outstanding }),
    line.unsent > 0 && t("receiving.line.unsent", { count: line.unsent }),
  ].filter(Boolean);
  return (
    <li className={styles.line}>
      <Thumb url={line.thumbnailUrl} size={48} />
      <div className={styles.what}>
        <p className={styles.strong}>{nameOf(line)}</p>
        <Muted>{[line.sku, line.reason].filter(Boolean).join(" · ")}</Muted>
        <p>{facts.join(" · ")}</p>
        {line.rejectReason !== null && <Muted>{line.rejectReason}</Muted>}
        <Files files={line.photos} />
        <ul className={styles.list}>
          {line.inspections
            .filter((one) => !one.voided)
            .map((one) => (
              <Judged key={one.id} one={one} />
            ))}
        </ul>
        {line.toInspect > 0 && (
          <Actions>
            <Button variant="primary" onClick={() => setOpen("inspect")}>
              {t("receiving.inspect.open", { count: line.toInspect })}
            </Button>
            {ret.actions.includes("reject") && (
              <Button onClick={() => setOpen("reject")}>{t("receiving.reject.open")}</Button>
            )}
          </Actions>
        )}
        {open === "inspect" && <InspectForm ret={ret} line={line} onClose={() => setOpen(undefined)} />}
        {open === "reject" && <RejectForm ret={ret} line={line} onClose={() => setOpen(undefined)} />}
      </div>
    </li>
  );
}

/** The repair that has the units: a way to it for people who may see it, else its number to write on the goods. */
function Repair({ number }: { number: string }) {
  const t = useT();
  const text = t("return.inRepair", { number });
  return useMay("MANAGE_ORDERS") ? (
    <Link href={`/repairs/${number}`} className={styles.link}>
      {text}
    </Link>
  ) : (
    <Muted>{text}</Muted>
  );
}

function Judged({ one }: { one: ReceivingInspectionPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const takeBack = useStep(async () =>
    accepted((await execute(ReceivingVoidDocument, { id: one.id })).receivingInspectionVoid),
  );
  return (
    <li className={styles.judged}>
      <p>
        {t("receiving.judged", {
          count: one.quantity,
          grade: t(`receiving.grade.${one.grade}`),
          disposition: t(`receiving.disposition.${one.disposition}`),
        })}
        {one.warehouse && ` · ${one.warehouse.name}`}{" "}
        {one.booking !== "NONE" && (
          <Pill tone={BOOKING_TONES[one.booking]}>{t(`receiving.booking.${one.booking}`)}</Pill>
        )}
      </p>
      {one.serialNumbers.length > 0 && (
        <Muted>{t("case.serial", { number: one.serialNumbers.join(", ") })}</Muted>
      )}
      {one.repairNumber !== null && <Repair number={one.repairNumber} />}
      <Muted>
        {[one.note, one.inspectedBy, format.dateTime(one.inspectedAt)].filter(Boolean).join(" · ")}
      </Muted>
      {one.bookingError !== null && <Problem>{one.bookingError}</Problem>}
      <Files files={one.photos} />
      {one.booking !== "BOOKED" && (
        <Actions>
          <Button variant="tertiary" busy={takeBack.isPending} onClick={() => takeBack.mutate(undefined)}>
            {t("receiving.inspect.void")}
          </Button>
        </Actions>
      )}
      {takeBack.error && <Problem>{explain(takeBack.error)}</Problem>}
    </li>
  );
}
