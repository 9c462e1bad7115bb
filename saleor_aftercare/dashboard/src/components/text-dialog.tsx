import { type ReactNode, useId, useState } from "react";
import { useT } from "@/lib/intl";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Problem } from "./feedback";
import { TextArea } from "./field";

interface TextDialogProps {
  title: string;
  label: string;
  confirm: string;
  busy: boolean;
  problem: string | undefined;
  onConfirm: (text: string) => void;
  onClose: () => void;
  /** Further fields of the same decision. */
  children?: ReactNode;
}

/** A decision that needs some words. */
export function TextDialog({
  title,
  label,
  confirm,
  busy,
  problem,
  onConfirm,
  onClose,
  children,
}: TextDialogProps) {
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
        <TextArea
          label={label}
          rows={4}
          value={text}
          error={missing && empty ? t("case.decline.needed") : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        {children}
      </form>
      {problem !== undefined && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
