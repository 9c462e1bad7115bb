import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextArea, TextField } from "@/components/field";
import { ReturnReceiveDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import styles from "./receive-dialog.module.css";

type Line = ReturnCardFragment["lines"][number];

interface Count {
  received: number;
  wrong: number;
  reason: string;
}

interface ReceiveDialogProps {
  ret: ReturnCardFragment;
  onDone: () => void;
  onClose: () => void;
}

/** Units of a line that the shop agreed to take and that have not arrived yet. */
function expectedOf(line: Line): number {
  if (line.kept || line.resolution === "REPAIR") {
    return 0;
  }
  const here = Math.max(line.quantityReceived ?? 0, line.unsent);
  return Math.max(0, (line.quantityApproved ?? line.quantity) - here - line.quantityWrong);
}

/** Units that can have been in the parcel at all: more than agreed, never more than were asked for. */
const possibleOf = (line: Line): number =>
  line.kept
    ? 0
    : Math.max(0, line.quantity - Math.max(line.quantityReceived ?? 0, line.unsent) - line.quantityWrong);

/** What came beyond what was agreed; it is not accepted, and the customer reads why. */
const surplusOf = (line: Line, count: Count): number =>
  line.resolution === "REPAIR" ? 0 : Math.max(0, count.received - expectedOf(line));

/** How many units of each line came out of the parcel; what was approved, until somebody says otherwise. */
export function ReceiveDialog({ ret, onDone, onClose }: ReceiveDialogProps) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const lines = ret.lines.filter((line) => possibleOf(line) > 0);
  const [counts, setCounts] = useState(
    () => new Map(lines.map((line) => [line.id, { received: expectedOf(line), wrong: 0, reason: "" }])),
  );
  const countOf = (line: Line): Count => counts.get(line.id) ?? { received: 0, wrong: 0, reason: "" };
  const set = (line: Line, change: Partial<Count>) =>
    setCounts(new Map(counts).set(line.id, { ...countOf(line), ...change }));
  const total = [...counts.values()].reduce((sum, { received, wrong }) => sum + received + wrong, 0);
  const unexplained = lines.some(
    (line) => surplusOf(line, countOf(line)) > 0 && countOf(line).reason.trim() === "",
  );
  const receive = useStep(
    async () =>
      accepted(
        (
          await execute(ReturnReceiveDocument, {
            id: ret.id,
            lines: lines.map((line) => {
              const { received, wrong, reason } = countOf(line);
              const rejected = surplusOf(line, countOf(line));
              return {
                id: line.id,
                received,
                wrong,
                rejected,
                rejectReason: rejected > 0 ? reason : "",
              };
            }),
          })
        ).returnReceive,
      ),
    onDone,
  );
  const ready = total > 0 && !unexplained && !receive.isPending;
  return (
    <Dialog
      title={t("return.receive.title", { number: ret.number })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={total === 0 || unexplained}
            busy={receive.isPending}
          >
            {t("return.receive.confirm")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) {
            receive.mutate(undefined);
          }
        }}
      >
        {lines.map((line) => (
          <LineCount
            key={line.id}
            line={line}
            count={countOf(line)}
            onChange={(change) => set(line, change)}
          />
        ))}
      </form>
      {total === 0 && <Problem>{t("return.receive.nothing")}</Problem>}
      {receive.error && <Problem>{explain(receive.error)}</Problem>}
    </Dialog>
  );
}

interface LineCountProps {
  line: Line;
  count: Count;
  onChange: (change: Partial<Count>) => void;
}

function LineCount({ line, count, onChange }: LineCountProps) {
  const t = useT();
  const possible = possibleOf(line);
  const surplus = surplusOf(line, count);
  const within = (text: string, most: number) => {
    const number = Math.trunc(Number(text));
    return Math.min(Math.max(Number.isNaN(number) ? 0 : number, 0), most);
  };
  const name = [line.orderLine.productName, line.orderLine.variantName].filter(Boolean).join(" · ");
  return (
    <fieldset className={styles.line}>
      <legend>{name}</legend>
      <Muted>
        {line.resolution === "REPAIR"
          ? t("return.receive.repair")
          : t("return.receive.expected", { count: expectedOf(line), quantity: line.quantity })}
      </Muted>
      <div className={styles.counts}>
        <TextField
          type="number"
          min={0}
          max={possible - count.wrong}
          step={1}
          required
          label={t("return.receive.arrived")}
          value={count.received}
          onChange={(event) => onChange({ received: within(event.target.value, possible - count.wrong) })}
        />
        <TextField
          type="number"
          min={0}
          max={possible - count.received}
          step={1}
          required
          label={t("return.receive.wrong")}
          value={count.wrong}
          onChange={(event) => onChange({ wrong: within(event.target.value, possible - count.received) })}
        />
      </div>
      {surplus > 0 && (
        <TextArea
          label={t("return.receive.surplus", { count: surplus })}
          help={t("return.receive.surplusHelp")}
          required
          rows={2}
          maxLength={2000}
          value={count.reason}
          onChange={(event) => onChange({ reason: event.target.value })}
        />
      )}
    </fieldset>
  );
}
