import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextField } from "@/components/field";
import type { WithdrawalDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import type { Units } from "./data";

interface CarryOutDialogProps {
  withdrawal: WithdrawalDetailFragment;
  busy: boolean;
  problem: string | undefined;
  onConfirm: (lines: Units[] | null) => void;
  onClose: () => void;
}

type Offer = WithdrawalDetailFragment["offers"][number];

const nameOf = (line: Offer["orderLine"]): string =>
  line.variantName === "" || line.variantName === line.productName
    ? line.productName
    : `${line.productName} (${line.variantName})`;

const leftOf = (offer: Offer): number => offer.sent + offer.unsent;

/** Which goods the declaration means: what it can cover is filled in, exceptions start at none. */
export function CarryOutDialog({ withdrawal, busy, problem, onConfirm, onClose }: CarryOutDialogProps) {
  const t = useT();
  const formId = useId();
  const offers = withdrawal.offers.filter((offer) => leftOf(offer) > 0);
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      offers.map((offer) => [
        offer.orderLine.id,
        String(withdrawal.wholeContract && offer.coverage !== "EXCEPTED" ? leftOf(offer) : 0),
      ]),
    ),
  );
  const quantityOf = (offer: Offer) => Number(typed[offer.orderLine.id] ?? "0");
  const isWrong = (offer: Offer) => {
    const quantity = quantityOf(offer);
    return !Number.isInteger(quantity) || quantity < 0 || quantity > leftOf(offer);
  };
  const chosen = offers
    .filter((offer) => quantityOf(offer) > 0)
    .map((offer) => ({ orderLineId: offer.orderLine.id, quantity: quantityOf(offer) }));
  const ready = chosen.length > 0 && !offers.some(isWrong);
  return (
    <Dialog
      title={t("withdrawal.carryOut.title", { number: withdrawal.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy} disabled={!ready}>
            {t("withdrawal.carryOut")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) {
            onConfirm(chosen);
          }
        }}
      >
        {withdrawal.goods !== "" && <p>{t("withdrawal.inWords", { goods: withdrawal.goods })}</p>}
        {offers.length === 0 && <p>{t("withdrawal.nothingLeft")}</p>}
        {offers.map((offer) => (
          <TextField
            key={offer.orderLine.id}
            type="number"
            min={0}
            max={leftOf(offer)}
            label={t("withdrawal.units", { name: nameOf(offer.orderLine), most: leftOf(offer) })}
            help={offer.coverage === "COVERED" ? undefined : t(`withdrawal.coverage.${offer.coverage}`)}
            error={isWrong(offer) ? t("withdrawal.units.wrong", { most: leftOf(offer) }) : undefined}
            value={typed[offer.orderLine.id] ?? "0"}
            onChange={(event) => setTyped({ ...typed, [offer.orderLine.id]: event.target.value })}
          />
        ))}
      </form>
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
