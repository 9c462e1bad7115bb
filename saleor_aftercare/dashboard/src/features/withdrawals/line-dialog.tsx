import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextField } from "@/components/field";
import { useT } from "@/lib/intl";

interface LineDialogProps {
  title: string;
  label: string;
  confirm: string;
  busy: boolean;
  problem: string | undefined;
  onConfirm: (text: string) => void;
  onClose: () => void;
}

/** A decision that needs a number. */
export function LineDialog({ title, label, confirm, busy, problem, onConfirm, onClose }: LineDialogProps) {
  const t = useT();
  const formId = useId();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const empty = text.trim() === "";
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(empty);
          if (!empty && !busy) {
            onConfirm(text.trim());
          }
        }}
      >
        <TextField
          label={label}
          value={text}
          maxLength={100}
          error={missing && empty ? t("case.decline.needed") : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
