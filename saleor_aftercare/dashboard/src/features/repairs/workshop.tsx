import { useState } from "react";
import { Button } from "@/components/button";
import { Actions } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextArea } from "@/components/field";
import { PhotosField } from "@/components/photos-field";
import type { RepairCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { checkInRepair, takeBackRepair } from "./data";

/** What the workshop says of a product: it is here, or it is not repaired after all. */
export function WorkshopActions({ repair }: { repair: RepairCardFragment }) {
  const t = useT();
  const [open, setOpen] = useState<"check-in" | "take-back">();
  const close = () => setOpen(undefined);
  return (
    <>
      <Actions>
        {repair.actions.includes("check_in") && (
          <Button
            variant={repair.actions.includes("accept") ? "secondary" : "primary"}
            onClick={() => setOpen("check-in")}
          >
            {t("repair.checkIn")}
          </Button>
        )}
        {repair.actions.includes("take_back") && (
          <Button onClick={() => setOpen("take-back")}>{t("repair.takeBack")}</Button>
        )}
      </Actions>
      {open === "check-in" && <CheckIn repair={repair} onClose={close} />}
      {open === "take-back" && <TakeBack repair={repair} onClose={close} />}
    </>
  );
}

interface StepProps {
  repair: RepairCardFragment;
  onClose: () => void;
}

function CheckIn({ repair, onClose }: StepProps) {
  const t = useT();
  const explain = useExplain();
  const [findings, setFindings] = useState("");
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const step = useStep(() => checkInRepair(repair.id, findings, photos), onClose);
  return (
    <Dialog
      title={t("repair.checkIn.title", { number: repair.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" busy={step.isPending} onClick={() => step.mutate(undefined)}>
            {t("repair.checkIn")}
          </Button>
        </>
      }
    >
      <p>{t("repair.checkIn.text")}</p>
      <TextArea
        label={t("common.optional", { label: t("repair.findings") })}
        maxLength={5000}
        value={findings}
        onChange={(event) => setFindings(event.target.value)}
      />
      <PhotosField onChoose={setPhotos} />
      {step.error && <Problem>{explain(step.error)}</Problem>}
    </Dialog>
  );
}

function TakeBack({ repair, onClose }: StepProps) {
  const t = useT();
  const explain = useExplain();
  const step = useStep(() => takeBackRepair(repair.id), onClose);
  return (
    <Dialog
      title={t("repair.takeBack.title", { number: repair.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" busy={step.isPending} onClick={() => step.mutate(undefined)}>
            {t("repair.takeBack")}
          </Button>
        </>
      }
    >
      <p>{t(repair.forWhom === "SHOP" ? "repair.takeBack.shop" : "repair.takeBack.customer")}</p>
      {step.error && <Problem>{explain(step.error)}</Problem>}
    </Dialog>
  );
}
