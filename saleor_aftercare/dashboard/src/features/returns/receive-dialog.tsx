import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextField } from "@/components/field";
import { ReturnReceiveDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";

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
  const [counts, setCounts] = useState(() => new Map(ret.lines.map((line) => [line.id, line.quantity])));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const receive = useStep(
    async () =>
      accepted(
        (
          await execute(ReturnReceiveDocument, {
            id: ret.id,
            lines: ret.lines.map((line) => ({ id: line.id, quantity: counts.get(line.id) ?? 0 })),
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
        {ret.lines.map((line) => (
          <TextField
            key={line.id}
            type="number"
            min={0}
            max={line.quantity}
            step={1}
            required
            label={t("return.receive.quantity", {
              product: line.orderLine.productName,
              quantity: line.quantity,
            })}
            value={counts.get(line.id) ?? 0}
            onChange={(event) => {
              const count = Math.trunc(Number(event.target.value));
              const within = Math.min(Math.max(Number.isNaN(count) ? 0 : count, 0), line.quantity);
              setCounts(new Map(counts).set(line.id, within));
            }}
          />
        ))}
      </form>
      {total === 0 && <Problem>{t("return.receive.nothing")}</Problem>}
      {receive.error && <Problem>{explain(receive.error)}</Problem>}
    </Dialog>
  );
}
