import { useState } from "react";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { Button } from "./button";
import { Actions } from "./card";
import { DeclineDialog } from "./decline-dialog";
import { Problem } from "./feedback";

interface RequestActionsProps {
  request: { number: string; actions: readonly string[] };
  accept: () => Promise<unknown>;
  decline: (reason: string) => Promise<unknown>;
}

/** Accept or decline: what repair and spare-part requests have in common. */
export function RequestActions({ request, accept, decline }: RequestActionsProps) {
  const t = useT();
  const explain = useExplain();
  const [declining, setDeclining] = useState(false);
  const accepting = useStep(accept);
  const refusing = useStep(decline, () => setDeclining(false));
  return (
    <>
      <Actions>
        {request.actions.includes("accept") && (
          <Button variant="primary" busy={accepting.isPending} onClick={() => accepting.mutate(undefined)}>
            {t("case.accept")}
          </Button>
        )}
        {request.actions.includes("decline") && (
          <Button onClick={() => setDeclining(true)}>{t("case.decline")}</Button>
        )}
      </Actions>
      {accepting.error && <Problem>{explain(accepting.error)}</Problem>}
      {declining && (
        <DeclineDialog
          number={request.number}
          busy={refusing.isPending}
          problem={refusing.error ? explain(refusing.error) : undefined}
          onDecline={refusing.mutate}
          onClose={() => setDeclining(false)}
        />
      )}
    </>
  );
}
