import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { ReasonsDocument, ReasonsOrderDocument } from "@/gql/policies";
import type { ReasonPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { MoveButtons } from "./fields";
import styles from "./policies.module.css";
import { ReasonDialog } from "./reason-dialog";

/** Why goods come back: what customers may choose, in their order. */
export function ReasonsPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const [edited, setEdited] = useState<ReasonPartsFragment | "new">();
  const { data, error, refetch } = useQuery({
    queryKey: keys.reasons,
    queryFn: async ({ signal }) => (await execute(ReasonsDocument, {}, signal)).returnReasonCatalogue,
  });
  return (
    <Page
      title={t("reasons.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("reasons.subtitle")}</span>}
      actions={
        mayChange && (
          <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setEdited("new")}>
            {t("reasons.add")}
          </Button>
        )
      }
    >
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {data ? (
        <ReasonList reasons={data} mayChange={mayChange} onEdit={setEdited} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={44} />
      )}
      {edited !== undefined && (
        <ReasonDialog reason={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  );
}

function ReasonList({
  reasons,
  mayChange,
  onEdit,
}: {
  reasons: readonly ReasonPartsFragment[];
  mayChange: boolean;
  onEdit: (reason: ReasonPartsFragment) => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const order = useMutation({
    mutationFn: async (codes: string[]) =>
      accepted((await execute(ReasonsOrderDocument, { codes })).returnReasonsOrder).reasons,
    onSuccess: (saved) => {
      if (saved) {
        client.setQueryData(keys.reasons, saved);
      }
    },
  });
  const move = (at: number, by: number) => {
    const codes = reasons.map(({ code }) => code);
    codes.splice(at + by, 0, ...codes.splice(at, 1));
    order.mutate(codes);
  };
  return (
    <>
      {order.error && <Problem>{explain(order.error)}</Problem>}
      <ol className={styles.reasons}>
        {reasons.map((reason, index) => (
          <li key={reason.code} className={styles.reason}>
            <div className={styles.reasonText}>
              <span className={styles.ruleName}>{reason.label}</span>
              <Muted>
                {[
                  t(`reasons.by.${reason.fault}`),
                  reason.questions.length > 0 &&
                    t("reasons.questionCount", { count: reason.questions.length }),
                  reason.photosRequired > 0 && t("reasons.photoCount", { count: reason.photosRequired }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Muted>
            </div>
            <span className={styles.pills}>
              {!reason.active && <Pill tone="neutral">{t("reasons.inactive")}</Pill>}
              {reason.staffOnly && <Pill tone="info">{t("reasons.staffOnly")}</Pill>}
              {(reason.saleorRefundReference !== "" || reason.saleorReturnReference !== "") && (
                <Pill tone="success">{t("reasons.mapped")}</Pill>
              )}
            </span>
            {mayChange && (
              <>
                <MoveButtons
                  what={reason.label}
                  first={index === 0}
                  last={index === reasons.length - 1}
                  onMove={(by) => move(index, by)}
                />
                <IconButton
                  label={t("reasons.edit", { reason: reason.label })}
                  icon={<Pencil size={16} />}
                  onClick={() => onEdit(reason)}
                />
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
