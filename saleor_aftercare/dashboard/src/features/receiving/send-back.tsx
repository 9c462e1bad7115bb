import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted, Section } from "@/components/card";
import { Problem } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { ReceivingSendBackDecideDocument, ReceivingSendBackDoneDocument } from "@/gql/receiving";
import type { ReceivingSheetFragment, ReturnShippingPayer } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import styles from "./receiving.module.css";

const KEPT_DAYS = 30;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

interface SendBackProps {
  ret: ReceivingSheetFragment;
  sendBack: NonNullable<ReceivingSheetFragment["sendBack"]>;
}

/** The way home of what was not accepted: who pays, until when it is kept, and when it left. */
export function SendBack({ ret, sendBack }: SendBackProps) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const [payer, setPayer] = useState<ReturnShippingPayer>(sendBack.payer ?? "CUSTOMER");
  const [until, setUntil] = useState(sendBack.storedUntil ?? inDays(KEPT_DAYS));
  const [tracking, setTracking] = useState("");
  const decide = useStep(async () =>
    accepted(
      (await execute(ReceivingSendBackDecideDocument, { id: ret.id, payer, storedUntil: until }))
        .receivingSendBackDecide,
    ),
  );
  const done = useStep(async () =>
    accepted(
      (await execute(ReceivingSendBackDoneDocument, { id: ret.id, trackingNumber: tracking }))
        .receivingSendBackDone,
    ),
  );
  const error = decide.error ?? done.error;
  if (sendBack.sentAt !== null) {
    return (
      <Section title={t("receiving.back.title")}>
        <Muted>
          {[t("receiving.back.sent", { when: format.dateTime(sendBack.sentAt) }), sendBack.trackingNumber]
            .filter(Boolean)
            .join(" · ")}
        </Muted>
      </Section>
    );
  }
  return (
    <Section title={t("receiving.back.title")}>
      <div className={styles.pair}>
        <SelectField
          label={t("receiving.back.payer")}
          value={payer}
          onChange={(event) => setPayer(event.target.value as ReturnShippingPayer)}
        >
          <option value="CUSTOMER">{t("receiving.back.CUSTOMER")}</option>
          <option value="MERCHANT">{t("receiving.back.MERCHANT")}</option>
        </SelectField>
        <TextField
          type="date"
          label={t("receiving.back.until")}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
        <Button busy={decide.isPending} disabled={until === ""} onClick={() => decide.mutate(undefined)}>
          {t("receiving.back.decide")}
        </Button>
      </div>
      <div className={styles.pair}>
        <TextField
          label={t("common.optional", { label: t("receiving.back.tracking") })}
          maxLength={100}
          value={tracking}
          onChange={(event) => setTracking(event.target.value)}
        />
        <Actions>
          <Button busy={done.isPending} onClick={() => done.mutate(undefined)}>
            {t("receiving.back.done")}
          </Button>
        </Actions>
      </div>
      {error && <Problem>{explain(error)}</Problem>}
    </Section>
  );
}
