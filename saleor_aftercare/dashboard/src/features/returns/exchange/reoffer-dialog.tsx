import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { ReturnExchangeReofferDocument } from "@/gql/exchange";
import type { ReplacementPartsFragment, ReturnReplacementsQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { ExchangeChoice } from "./choose";

type Lines = NonNullable<ReturnReplacementsQuery["return"]>["lines"];

interface ReofferDialogProps {
  replacement: ReplacementPartsFragment;
  lines: Lines;
  onClose: () => void;
}

/** Offers something else in exchange, line by line. */
export function ReofferDialog({ replacement, lines, onClose }: ReofferDialogProps) {
  const t = useT();
  const explain = useExplain();
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const reoffer = useStep(
    async () =>
      accepted(
        (
          await execute(ReturnExchangeReofferDocument, {
            id: replacement.id,
            lines: [...chosen].map(([returnLineId, variantId]) => ({ returnLineId, variantId })),
          })
        ).returnExchangeReoffer,
      ),
    onClose,
  );
  return (
    <Dialog
      title={t("exchange.reoffer.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            disabled={chosen.size === 0}
            busy={reoffer.isPending}
            onClick={() => reoffer.mutate(undefined)}
          >
            {t("exchange.reoffer.confirm")}
          </Button>
        </>
      }
    >
      {replacement.lines.map((promised) => {
        const line = lines.find((one) => one.id === promised.returnLineId);
        return (
          line && (
            <ExchangeChoice
              key={line.id}
              orderLineId={line.orderLine.id}
              product={[line.orderLine.productName, line.orderLine.variantName].filter(Boolean).join(" ")}
              value={chosen.get(line.id) ?? null}
              onChange={(option) => setChosen(new Map(chosen).set(line.id, option.variantId))}
            />
          )
        );
      })}
      {reoffer.error && <Problem>{explain(reoffer.error)}</Problem>}
    </Dialog>
  );
}
