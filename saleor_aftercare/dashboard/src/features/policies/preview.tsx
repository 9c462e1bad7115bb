import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/button";
import { Card, Muted } from "@/components/card";
import { Problem, Skeleton } from "@/components/feedback";
import { TextField } from "@/components/field";
import { Pill, type Tone } from "@/components/pill";
import { PolicyPreviewDocument } from "@/gql/policies";
import type { PolicyPreviewQuery, Verdict } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import styles from "./policies.module.css";
import { type PolicyValues, toInput } from "./values";

type Line = PolicyPreviewQuery["returnPolicyPreview"]["lines"][number];

const TONES: Record<Verdict, Tone> = { ACCEPT: "success", ASK_STAFF: "attention", REFUSE: "error" };
const SETTLE_MS = 400;

/** What the policy as it stands in the form would mean for a real order, computed by the server. */
export function Preview() {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const [written, setWritten] = useState("");
  const [order, setOrder] = useState("");
  const document = useSettled();
  const { data, error, isFetching } = useQuery({
    queryKey: ["policy-preview", order, document],
    enabled: order !== "",
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await execute(PolicyPreviewDocument, { document, orderNumber: order }, signal)).returnPolicyPreview,
  });
  return (
    <section aria-label={t("policies.preview")} className={styles.preview}>
      <h2 className={styles.previewTitle}>{t("policies.preview")}</h2>
      <Muted>{t("policies.previewHelp")}</Muted>
      <form
        className={styles.line}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOrder(written.trim());
        }}
      >
        <TextField
          inputMode="numeric"
          label={t("policies.previewOrder")}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
        <Button type="submit" busy={isFetching}>
          {t("policies.previewShow")}
        </Button>
      </form>
      <div aria-live="polite" className={styles.previewBody}>
        {error ? (
          <Problem>{explain(error)}</Problem>
        ) : data ? (
          <>
            {data.lines.map((line) => (
              <PreviewLine key={line.orderLine.id} line={line} />
            ))}
            <Muted>
              {t("policies.previewValue", { amount: format.money(data.value) })}{" "}
              {data.approvedAtOnce ? t("policies.previewAtOnce") : data.approvalMessages.join(" ")}{" "}
              {data.keepsItems && t("policies.previewKeeps")}
            </Muted>
          </>
        ) : (
          order !== "" && <Skeleton rows={3} height={60} />
        )}
      </div>
    </section>
  );
}

/** The form's document, once nobody has typed for a moment. */
function useSettled() {
  const { getValues } = useFormContext<PolicyValues>();
  const values = useWatch<PolicyValues>();
  const [settled, setSettled] = useState(() => toInput(getValues()));
  useEffect(() => {
    // What is watched may lack fields that are just being added; the form's own values never do.
    const timer = window.setTimeout(() => values && setSettled(toInput(getValues())), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [values, getValues]);
  return settled;
}

function PreviewLine({ line }: { line: Line }) {
  const t = useT();
  const format = useFormat();
  const name = [line.orderLine.productName, line.orderLine.variantName].filter(Boolean).join(" · ");
  const refused = line.verdict === "REFUSE";
  const fee = [
    line.returnFee && t("policies.previewFee", { amount: format.money(line.returnFee) }),
    Number(line.restockingPercent) > 0 &&
      t("policies.previewRestocking", { percent: Number(line.restockingPercent) }),
  ].filter(Boolean);
  return (
    <Card
      label={name}
      title={name}
      aside={<Pill tone={TONES[line.verdict]}>{t(`policies.verdict.${line.verdict}`)}</Pill>}
    >
      <ul className={styles.facts}>
        <li>{t("policies.previewRule", { number: line.rule + 1, name: line.ruleName })}</li>
        {!refused && (
          <li>
            {line.until === null
              ? t("policies.previewNotBegun")
              : t("policies.previewUntil", { date: format.date(`${line.until}T12:00:00`) })}
          </li>
        )}
        {line.messages.map((message) => (
          <li key={message}>{message}</li>
        ))}
        {!refused && (
          <>
            <li>
              {line.resolutions.map((one) => t(`policies.resolution.${one}`)).join(" · ")}
              {line.resolutions.includes("STORE_CREDIT") &&
                Number(line.storeCreditBonusPercent) > 0 &&
                ` (${t("policies.previewBonus", { percent: Number(line.storeCreditBonusPercent) })})`}
            </li>
            <li>{t(`policies.previewPays.${line.whoPays}`)}</li>
            <li>{fee.length > 0 ? fee.join(" · ") : t("policies.previewNoFee")}</li>
          </>
        )}
        <li>
          {t("policies.previewFaulty", { verdict: t(`policies.verdict.${line.ifFaulty}`) })}{" "}
          {line.ifFaultyMessages.join(" ")}
        </li>
      </ul>
    </Card>
  );
}
