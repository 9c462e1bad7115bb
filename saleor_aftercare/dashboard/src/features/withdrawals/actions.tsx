import { useState } from "react";
import { Button } from "@/components/button";
import { Actions } from "@/components/card";
import { Problem } from "@/components/feedback";
import { TextDialog } from "@/components/text-dialog";
import type { WithdrawalDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { CarryOutDialog } from "./carry-out-dialog";
import {
  carryOut,
  markOutOfScope,
  matchWithdrawal,
  proveSending,
  reopenWithdrawal,
  type Units,
} from "./data";

type Open = "match" | "carry_out" | "out_of_scope" | "prove" | undefined;

/** What staff may do: nothing here approves, for a withdrawal needs no approval. */
export function WithdrawalActions({ withdrawal }: { withdrawal: WithdrawalDetailFragment }) {
  const t = useT();
  const explain = useExplain();
  const [open, setOpen] = useState<Open>(undefined);
  const close = () => setOpen(undefined);
  const { id, number, actions } = withdrawal;
  const match = useStep((text: string) => matchWithdrawal(id, text), close);
  const carry = useStep((lines: Units[] | null) => carryOut(id, lines), close);
  const out = useStep((text: string) => markOutOfScope(id, text), close);
  const reopen = useStep(() => reopenWithdrawal(id));
  const prove = useStep((text: string) => proveSending(id, text), close);
  const problemOf = (step: { error: Error | null }) => (step.error ? explain(step.error) : undefined);
  return (
    <>
      <Actions>
        {actions.includes("match") && (
          <Button variant="primary" onClick={() => setOpen("match")}>
            {t("withdrawal.match")}
          </Button>
        )}
        {actions.includes("carry_out") && (
          <Button variant="primary" onClick={() => setOpen("carry_out")}>
            {t("withdrawal.carryOut")}
          </Button>
        )}
        {actions.includes("prove") && (
          <Button onClick={() => setOpen("prove")}>{t("withdrawal.prove")}</Button>
        )}
        {actions.includes("out_of_scope") && (
          <Button onClick={() => setOpen("out_of_scope")}>{t("withdrawal.outOfScope")}</Button>
        )}
        {actions.includes("reopen") && (
          <Button busy={reopen.isPending} onClick={() => reopen.mutate(undefined)}>
            {t("withdrawal.reopen")}
          </Button>
        )}
      </Actions>
      {reopen.error && <Problem>{explain(reopen.error)}</Problem>}
      {open === "match" && (
        <TextDialog
          line
          title={t("withdrawal.match.title", { number })}
          label={t("withdrawal.match.order")}
          confirm={t("withdrawal.match")}
          busy={match.isPending}
          problem={problemOf(match)}
          onConfirm={match.mutate}
          onClose={close}
        />
      )}
      {open === "prove" && (
        <TextDialog
          line
          title={t("withdrawal.prove.title", { number })}
          label={t("withdrawal.prove.tracking")}
          confirm={t("withdrawal.prove")}
          busy={prove.isPending}
          problem={problemOf(prove)}
          onConfirm={prove.mutate}
          onClose={close}
        />
      )}
      {open === "carry_out" && (
        <CarryOutDialog
          withdrawal={withdrawal}
          busy={carry.isPending}
          problem={problemOf(carry)}
          onConfirm={carry.mutate}
          onClose={close}
        />
      )}
      {open === "out_of_scope" && (
        <TextDialog
          title={t("withdrawal.outOfScope.title", { number })}
          label={t("withdrawal.outOfScope.reason")}
          confirm={t("withdrawal.outOfScope.confirm")}
          busy={out.isPending}
          problem={problemOf(out)}
          onConfirm={out.mutate}
          onClose={close}
        />
      )}
    </>
  );
}
