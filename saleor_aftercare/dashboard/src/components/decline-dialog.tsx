import { useT } from "@/lib/intl";
import { TextDialog } from "./text-dialog";

interface DeclineDialogProps {
  number: string;
  busy: boolean;
  problem: string | undefined;
  onDecline: (reason: string) => void;
  onClose: () => void;
}

/** Asks for the reason that the customer will read. */
export function DeclineDialog({ number, onDecline, ...rest }: DeclineDialogProps) {
  const t = useT();
  return (
    <TextDialog
      {...rest}
      title={t("case.decline.title", { number })}
      label={t("case.decline.reason")}
      confirm={t("case.decline.confirm")}
      onConfirm={onDecline}
    />
  );
}
