import { type ReactNode, useState } from "react";
import { useT } from "@/lib/intl";
import { Problem } from "./feedback";
import { TextArea, TextField } from "./field";
import { FormDialog } from "./form-dialog";

interface TextDialogProps {
  title: string;
  label: string;
  confirm: string;
  busy: boolean;
  problem: string | undefined;
  /** A number or a name instead of a reason: one line. */
  line?: boolean;
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
  line = false,
  onConfirm,
  onClose,
  children,
}: TextDialogProps) {
  const t = useT();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const empty = text.trim() === "";
  const needed = t(line ? "common.needed" : "case.decline.needed");
  const shared = {
    label,
    value: text,
    error: missing && empty ? needed : undefined,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  };
  return (
    <FormDialog
      title={title}
      confirm={confirm}
      busy={busy}
      onClose={onClose}
      onSubmit={() => {
        setMissing(empty);
        if (!empty) {
          onConfirm(text.trim());
        }
      }}
    >
      {line ? <TextField {...shared} maxLength={100} /> : <TextArea {...shared} rows={4} />}
      {children}
      {problem !== undefined && <Problem>{problem}</Problem>}
    </FormDialog>
  );
}
