import { Coins, Mail, Undo2 } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Choice } from "@/components/field";
import type { BulkActionInput, BulkPlanQuery, TicketRowFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { useBulkConfirm, useBulkPlan } from "./bulk";
import styles from "./bulk-dialogs.module.css";
import { isChosen, useSelection } from "./bulk-selection";
import { MacroChoice } from "./writing/macro-sheet";

/** As many are named to choose from; of more the oldest is kept. */
const MOST_NAMED = 20;
const MOST_MERGED = 100;
const MOST_FOR_MACROS = 500;

interface MergeProps {
  tickets: readonly TicketRowFragment[];
  count: number;
  busy: boolean;
  onMerge: (order: Pick<BulkActionInput, "keepId" | "acrossCustomers">) => void;
  onClose: () => void;
}

/** Which of the chosen conversations the others go on in. */
export function MergeDialog({ tickets, count, busy, onMerge, onClose }: MergeProps) {
  const t = useT();
  const formId = useId();
  const selection = useSelection();
  const chosen = tickets
    .filter(({ id }) => isChosen(selection, id))
    .sort((one, other) => one.number - other.number);
  const named = chosen.length === count && count <= MOST_NAMED ? chosen : [];
  const [kept, setKept] = useState(named[0]?.id);
  const [across, setAcross] = useState(false);
  const customers = new Set(chosen.map((one) => one.customerEmail || one.customerName));
  const tooMany = count > MOST_MERGED;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onMerge({ keepId: kept ?? null, acrossCustomers: across });
  };
  return (
    <Dialog
      title={t("inbox.merge.title", { count })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={busy} disabled={tooMany}>
            {t("inbox.merge.do")}
          </Button>
        </>
      }
    >
      <form id={formId} className={styles.form} onSubmit={onSubmit}>
        <p className={styles.intro}>{t("inbox.merge.intro")}</p>
        {tooMany && <Problem>{t("inbox.bulk.tooMany", { limit: MOST_MERGED })}</Problem>}
        {named.length > 0 ? (
          <fieldset className={styles.choices}>
            <legend>{t("inbox.merge.keep")}</legend>
            {named.map((one) => (
              <Choice
                key={one.id}
                type="radio"
                name="kept"
                label={`#${one.number} ${one.subject}`}
                help={one.customerName || one.customerEmail}
                checked={kept === one.id}
                onChange={() => setKept(one.id)}
              />
            ))}
          </fieldset>
        ) : (
          <p className={styles.intro}>{t("inbox.merge.oldest")}</p>
        )}
        {customers.size > 1 && <Warning>{t("inbox.merge.strangers")}</Warning>}
        <Choice
          label={t("inbox.merge.across")}
          help={t("inbox.merge.across.help")}
          checked={across}
          onChange={(event) => setAcross(event.target.checked)}
        />
      </form>
    </Dialog>
  );
}

interface MacroProps {
  count: number;
  busy: boolean;
  onChoose: (macroId: string) => void;
  onClose: () => void;
}

/** Which macro is to be worked out for all that are chosen; nothing is done yet. */
export function MacroDialog({ count, busy, onChoose, onClose }: MacroProps) {
  const t = useT();
  const tooMany = count > MOST_FOR_MACROS;
  return (
    <Dialog title={t("inbox.macro.title", { count })} onClose={onClose}>
      <p className={styles.intro}>{t("inbox.macro.intro")}</p>
      {tooMany ? (
        <Problem>{t("inbox.bulk.tooMany", { limit: MOST_FOR_MACROS })}</Problem>
      ) : (
        <MacroChoice onChoose={({ id }) => !busy && onChoose(id)} />
      )}
    </Dialog>
  );
}

type Plan = NonNullable<NonNullable<BulkPlanQuery["bulkAction"]>["plan"]>;

/** What a macro would do to all of them, as one summary; it is done only from here. */
export function PlanDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const { data: plan, error, refetch } = useBulkPlan(id);
  const confirm = useBulkConfirm();
  const totals = plan?.totals.map((total) => format.money(total)).join(" + ") ?? "";
  return (
    <Dialog
      title={plan?.macroName ?? t("inbox.bulk.macro")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("inbox.plan.later")}</Button>
          <Button
            variant="primary"
            disabled={!plan || plan.possible === 0}
            busy={confirm.isPending}
            onClick={() => confirm.mutate(id, { onSuccess: onClose })}
          >
            {plan?.movesMoney
              ? t("inbox.plan.pay", { count: plan.possible, amount: totals })
              : t("inbox.plan.run", { count: plan?.possible ?? 0 })}
          </Button>
        </>
      }
    >
      {confirm.error && <Warning>{explain(confirm.error)}</Warning>}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!plan && !error && <Skeleton rows={4} height={32} />}
      {plan && <Summary plan={plan} totals={totals} />}
    </Dialog>
  );
}

function Summary({ plan, totals }: { plan: Plan; totals: string }) {
  const t = useT();
  const refused = plan.lines.filter(({ problem }) => problem !== "");
  const done = plan.lines.filter(({ problem }) => problem === "");
  return (
    <>
      <p className={styles.intro}>{t("inbox.plan.possible", { count: plan.possible })}</p>
      <ul className={styles.facts}>
        {plan.movesMoney && (
          <Fact icon={<Coins size={16} aria-hidden />}>
            <strong>{t("inbox.plan.money", { amount: totals })}</strong>
          </Fact>
        )}
        {plan.letters > 0 && (
          <Fact icon={<Mail size={16} aria-hidden />}>
            {t("inbox.plan.letters", { count: plan.letters })}
          </Fact>
        )}
        {plan.possible > 0 && (
          <Fact icon={<Undo2 size={16} aria-hidden />}>{t(`inbox.plan.undo.${plan.undo}`)}</Fact>
        )}
      </ul>
      {refused.length > 0 && (
        <>
          <h3 className={styles.heading}>{t("inbox.plan.refused", { count: refused.length })}</h3>
          <Lines lines={refused} />
        </>
      )}
      {done.length > 0 && (
        <>
          <h3 className={styles.heading}>{t("inbox.plan.each")}</h3>
          <Lines lines={done} />
        </>
      )}
    </>
  );
}

function Fact({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className={styles.fact}>
      {icon}
      <span>{children}</span>
    </li>
  );
}

function Lines({ lines }: { lines: Plan["lines"] }) {
  const format = useFormat();
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <li key={line.ticketId} className={styles.line}>
          <p className={styles.who}>
            <span>#{line.number}</span>
            <span className={styles.name}>{line.customer}</span>
            {line.problem === "" && line.amounts.length > 0 && (
              <strong className={styles.amount}>
                {line.amounts.map((amount) => format.money(amount)).join(" + ")}
              </strong>
            )}
          </p>
          <p className={styles.what}>{line.problem || line.steps.join(" · ")}</p>
        </li>
      ))}
    </ul>
  );
}
