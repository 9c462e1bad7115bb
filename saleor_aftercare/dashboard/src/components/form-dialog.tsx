import { type ReactNode, useId } from "react";
import { useT } from "@/lib/intl";
import { Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Problem } from "./feedback";

interface FormDialogProps {
  title: string;
  confirm: string;
  busy: boolean;
  /** What is filled in cannot be sent as it is. */
  disabled?: boolean;
  /** What went wrong; said under the form unless it belongs to one of its fields. */
  error?: unknown;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

/** A decision with something to fill in: it can be left, or sent once. */
export function FormDialog({
  title,
  confirm,
  busy,
  disabled = false,
  error,
  onClose,
  onSubmit,
  children,
}: FormDialogProps) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy} disabled={disabled}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !disabled) {
            onSubmit();
          }
        }}
      >
        {children}
      </form>
      {error != null && !(error instanceof Refusal && error.problems.some((one) => one.field)) && (
        <Problem>{explain(error)}</Problem>
      )}
    </Dialog>
  );
}
