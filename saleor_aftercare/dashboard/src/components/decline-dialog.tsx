import { useId, useState } from "react";
import { useT } from "@/lib/intl";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Problem } from "./feedback";
import { TextArea } from "./field";

interface DeclineDialogProps {
  number: string;
  busy: boolean;
  problem: string | undefined;
  onDecline: (reason: string) => void;
  onClose: () => void;
}

/** Asks for the reason that the customer will read. */
export function DeclineDialog({ number, busy, problem, onDecline, onClose }: DeclineDialogProps) {
  const t = useT();
  const formId = useId();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  return (
    <Dialog
      title={t("case.decline.title", { number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy}>
            {t("case.decline.confirm")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(reason.trim() === "");
          if (reason.trim() !== "" && !busy) {
            onDecline(reason.trim());
          }
        }}
      >
        <TextArea
          label={t("case.decline.reason")}
          rows={4}
          value={reason}
          error={missing && reason.trim() === "" ? t("case.decline.needed") : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
      </form>
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
