import { useState } from "react";
import { Button } from "@/components/button";
import { Actions } from "@/components/card";
import { DeclineDialog } from "@/components/decline-dialog";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { ReturnApproveDocument, ReturnCancelDocument, ReturnDeclineDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useMay } from "@/lib/viewer";
import { ApproveDialog } from "./approve-dialog";
import { MoreActions } from "./more-actions";
import { ReceiveDialog } from "./receive-dialog";
import { SettlementPanel } from "./settlement/panel";

interface ReturnActionsProps {
  ret: ReturnCardFragment;
  /** Called after a step; popups tell the Dashboard to refresh its order. */
  onChange?: () => void;
  /** The page offers everything, the card in the inbox leaves out what is rare. */
  all?: boolean;
}

type Open = "approve" | "decline" | "receive" | "settle" | "cancel";

/** The legal next steps of a return, as the server lists them; it alone knows the rules. */
export function ReturnActions({ ret, onChange, all = false }: ReturnActionsProps) {
  const t = useT();
  const explain = useExplain();
  const mayRefund = useMay("HANDLE_PAYMENTS");
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const done = () => {
    close();
    onChange?.();
  };
  const can = (action: string) => ret.actions.includes(action);

  const approve = useStep(
    async () => accepted((await execute(ReturnApproveDocument, { id: ret.id })).returnApprove),
    () => {
      notify("success", t("return.approved", { number: ret.number }));
      done();
    },
  );
  const decline = useStep(
    async (reason: string) =>
      accepted((await execute(ReturnDeclineDocument, { id: ret.id, reason })).returnDecline),
    done,
  );
  const cancel = useStep(
    async () => accepted((await execute(ReturnCancelDocument, { id: ret.id })).returnCancel),
    done,
  );

  return (
    <>
      <Actions>
        {can("approve") && (
          <Button variant="primary" busy={approve.isPending} onClick={() => approve.mutate(undefined)}>
            {t("case.approve")}
          </Button>
        )}
        {can("decline") && <Button onClick={() => setOpen("decline")}>{t("case.decline")}</Button>}
        {can("receive") && (
          <Button variant={all ? "primary" : "secondary"} onClick={() => setOpen("receive")}>
            {t("return.receive")}
          </Button>
        )}
        {can("settle") && (
          <Button
            variant={can("receive") ? "secondary" : "primary"}
            disabled={!mayRefund}
            title={mayRefund ? undefined : t("settle.needsPermission")}
            onClick={() => setOpen("settle")}
          >
            {t("settle.open")}
          </Button>
        )}
        {all && (
          <MoreActions
            ret={ret}
            onDone={done}
            onCancel={() => setOpen("cancel")}
            onApproveInPart={() => setOpen("approve")}
          />
        )}
      </Actions>
      {approve.error && <Problem>{explain(approve.error)}</Problem>}
      {open === "approve" && <ApproveDialog ret={ret} onDone={done} onClose={close} />}
      {open === "decline" && (
        <DeclineDialog
          number={ret.number}
          busy={decline.isPending}
          problem={decline.error ? explain(decline.error) : undefined}
          onDecline={decline.mutate}
          onClose={close}
        />
      )}
      {open === "receive" && <ReceiveDialog ret={ret} onDone={done} onClose={close} />}
      {open === "settle" && <SettlementPanel ret={ret} onDone={done} onClose={close} />}
      {open === "cancel" && (
        <Dialog
          title={t("return.cancel.title", { number: ret.number })}
          onClose={close}
          footer={
            <>
              <Button onClick={close}>{t("return.cancel.keep")}</Button>
              <Button variant="primary" busy={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
                {t("return.cancel")}
              </Button>
            </>
          }
        >
          <p>{t("return.cancel.text")}</p>
          {cancel.error && <Problem>{explain(cancel.error)}</Problem>}
        </Dialog>
      )}
    </>
  );
}
