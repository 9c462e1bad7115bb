import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextArea } from "@/components/field";
import { ReturnApproveDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { UnitFields, useUnitCounts } from "./unit-counts";

interface Props {
  ret: ReturnCardFragment;
  onDone: () => void;
  onClose: () => void;
}

/** Approve some units and not others, with the reason that the customer reads; or let the customer keep them. */
export function ApproveDialog({ ret, onDone, onClose }: Props) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const { counts, setCounts, lines, total } = useUnitCounts(ret);
  const [reason, setReason] = useState("");
  const [keep, setKeep] = useState(false);
  const less = ret.lines.some((line) => (counts.get(line.id) ?? 0) < line.quantity);
  const approve = useStep(async () => {
    const variables = { id: ret.id, lines, reason: reason.trim() || null, keepItems: keep || null };
    return accepted((await execute(ReturnApproveDocument, variables)).returnApprove);
  }, onDone);
  return (
    <Dialog
      title={t("return.approveInPart.title", { number: ret.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={total === 0 || (less && reason.trim() === "")}
            busy={approve.isPending}
          >
            {t("case.approve")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (total > 0 && !approve.isPending) {
            approve.mutate(undefined);
          }
        }}
      >
        <UnitFields ret={ret} label="return.approveInPart.quantity" counts={counts} onChange={setCounts} />
        {less && (
          <TextArea
            label={t("case.decline.reason")}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        <Choice
          label={t("return.keep_items")}
          help={t("return.keep_items.help")}
          checked={keep}
          onChange={(event) => setKeep(event.target.checked)}
        />
      </form>
      {approve.error && <Problem>{explain(approve.error)}</Problem>}
    </Dialog>
  );
}
