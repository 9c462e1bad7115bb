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
  /** The fields that say themselves what is wrong with them; all of the form's where none are named. */
  fields?: readonly string[];
  className?: string | undefined;
  /** Other ways out, before those to cancel and to confirm. */
  aside?: ReactNode;
  /** What stands under the form and is no part of it. */
  below?: ReactNode;
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
  fields,
  className,
  aside,
  below,
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
          {aside}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy} disabled={disabled}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={className}
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
      {below}
      {error != null && !isPlaced(error, fields) && <Problem>{explain(error)}</Problem>}
    </Dialog>
  );
}

function isPlaced(error: unknown, fields: readonly string[] | undefined): boolean {
  const wrong = error instanceof Refusal ? error.problems.flatMap(({ field }) => field || []) : [];
  return wrong.some((field) => fields?.some((one) => field === one || field.startsWith(`${one}.`)) ?? true);
}
