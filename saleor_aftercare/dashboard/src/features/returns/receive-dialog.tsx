import { useId } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { ReturnReceiveDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { UnitFields, useUnitCounts } from "./unit-counts";

interface ReceiveDialogProps {
  ret: ReturnCardFragment;
  onDone: () => void;
  onClose: () => void;
}

/** How many units of each line came out of the parcel. */
export function ReceiveDialog({ ret, onDone, onClose }: ReceiveDialogProps) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const { counts, setCounts, lines, total } = useUnitCounts(ret);
  const receive = useStep(
    async () =>
      accepted(
        (
          await execute(ReturnReceiveDocument, {
            id: ret.id,
            lines,
          })
        ).returnReceive,
      ),
    onDone,
  );
  return (
    <Dialog
      title={t("return.receive.title", { number: ret.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={total === 0}
            busy={receive.isPending}
          >
            {t("return.receive.confirm")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (total > 0 && !receive.isPending) {
            receive.mutate(undefined);
          }
        }}
      >
        <UnitFields ret={ret} label="return.receive.quantity" counts={counts} onChange={setCounts} />
      </form>
      {total === 0 && <Problem>{t("return.receive.nothing")}</Problem>}
      {receive.error && <Problem>{explain(receive.error)}</Problem>}
    </Dialog>
  );
}
