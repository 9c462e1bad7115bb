import { useMutation, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Check, CircleAlert, CircleHelp, Clock, Hourglass, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { MessageResendDocument } from "@/gql/message";
import type { MessagePartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./message.module.css";

/** Whether a reply has reached the customer's mail server; what has not can be sent again. */
export function Delivery({ message }: { message: MessagePartsFragment }) {
  const t = useT();
  if (message.heldUntil) {
    return (
      <p className={styles.delivery}>
        <Hourglass size={12} aria-hidden />
        {t("delivery.held")}
      </p>
    );
  }
  switch (message.delivery) {
    case null:
      return null;
    case "SENT":
      return (
        <p className={styles.delivery}>
          <Check size={12} aria-hidden />
          {t("delivery.sent")}
        </p>
      );
    case "PENDING":
    case "SENDING":
      return (
        <p className={styles.delivery}>
          <Clock size={12} aria-hidden />
          {t("delivery.sending")}
        </p>
      );
    case "BOUNCED":
    case "FAILED":
      return (
        <Undelivered message={message} icon={<CircleAlert size={12} aria-hidden />} alarming>
          {t(message.delivery === "BOUNCED" ? "delivery.bounced" : "delivery.failed")} {message.deliveryError}
        </Undelivered>
      );
    case "UNKNOWN":
      return (
        <Undelivered message={message} icon={<CircleHelp size={12} aria-hidden />}>
          {t("delivery.unknown")}
        </Undelivered>
      );
  }
}

interface UndeliveredProps {
  message: MessagePartsFragment;
  icon: ReactNode;
  alarming?: boolean;
  children: ReactNode;
}

function Undelivered({ message, icon, alarming = false, children }: UndeliveredProps) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p role={alarming ? "alert" : undefined} className={clsx(styles.delivery, styles.failed)}>
        {icon}
        <span>{children}</span>
      </p>
      <div>
        <Button icon={<RotateCw size={12} aria-hidden />} onClick={() => setAsking(true)}>
          {t("message.resend")}
        </Button>
      </div>
      {asking && <ResendDialog message={message} onClose={() => setAsking(false)} />}
    </>
  );
}

function ResendDialog({ message, onClose }: { message: MessagePartsFragment; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const resend = useMutation({
    mutationFn: async () =>
      accepted((await execute(MessageResendDocument, { id: message.id })).ticketMessageResend),
    onSuccess: () => {
      notify("success", t("message.resendDone"));
      onClose();
      return client.invalidateQueries({ queryKey: keys.anyTicket });
    },
  });
  return (
    <Dialog
      title={t("message.resendTitle")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={resend.isPending} onClick={() => resend.mutate()}>
            {t("message.resend")}
          </Button>
        </>
      }
    >
      <p>{t("message.resendText")}</p>
      {message.delivery === "UNKNOWN" && <p>{t("message.resendUnknown")}</p>}
      {resend.error && <Problem>{explain(resend.error)}</Problem>}
    </Dialog>
  );
}
