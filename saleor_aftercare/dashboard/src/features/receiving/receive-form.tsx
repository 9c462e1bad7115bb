import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted, Section } from "@/components/card";
import { TextArea } from "@/components/field";
import { Thumb } from "@/components/thumb";
import { ReceivingReceiveDocument } from "@/gql/receiving";
import type { ReceivingLinePartsFragment, ReceivingSheetFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { uniqueKey } from "@/lib/unique";
import { Counter } from "./counter";
import { refresh } from "./data";
import { enqueue, useQueue } from "./queue";
import styles from "./receiving.module.css";

interface Count {
  received: number;
  wrong: number;
  rejected: number;
  rejectReason: string;
}

/** Units of a line that can be in a parcel at all; more than are expected, never more than were asked for. */
const roomOf = (line: ReceivingLinePartsFragment): number =>
  line.kept ? 0 : line.quantity - Math.max(line.received, line.unsent) - line.wrong;

/** What is expected first; then what may have come with it. */
const possibleOf = (lines: readonly ReceivingLinePartsFragment[]) =>
  lines
    .filter((one) => roomOf(one) > 0)
    .sort((one, other) => Number(other.outstanding > 0) - Number(one.outstanding > 0));

export function nameOf(line: { productName: string; variantName: string }): string {
  return [line.productName, line.variantName].filter(Boolean).join(" · ");
}

interface ReceiveFormProps {
  ret: ReceivingSheetFragment;
  /** Told why it was refused, or that nothing is; the form itself may be another one by then. */
  onRefused: (error: unknown) => void;
}

/** What was in the parcel, line by line; everything that is expected, when nobody says otherwise. */
export function ReceiveForm({ ret, onRefused }: ReceiveFormProps) {
  const t = useT();
  const client = useQueryClient();
  const waiting = useQueue();
  const [key] = useState(uniqueKey);
  const [note, setNote] = useState("");
  const declined = ret.state === "DECLINED";
  const lines = declined ? ret.lines : possibleOf(ret.lines);
  const [counts, setCounts] = useState(
    () =>
      new Map<string, Count>(
        lines.map((line) => {
          const received = declined ? line.quantity : line.outstanding;
          return [line.id, { received, wrong: 0, rejected: declined ? received : 0, rejectReason: "" }];
        }),
      ),
  );
  const set = (id: string, change: Partial<Count>) =>
    setCounts((before) => {
      const one = before.get(id);
      if (!one) {
        return before;
      }
      const next = { ...one, ...change };
      return new Map(before).set(id, { ...next, rejected: Math.min(next.rejected, next.received) });
    });
  const total = [...counts.values()].reduce((sum, one) => sum + one.received + one.wrong, 0);
  const unsent = ret.seen === 0 && ret.lines.some((line) => line.unsent > 0);
  const busy = waiting.some((one) => one.key === key);
  const send = () => {
    onRefused(undefined);
    const input = {
      key,
      seen: ret.seen,
      note,
      lines: [...counts].map(([id, one]) => ({ id, ...one })),
    };
    enqueue({
      key,
      label: ret.number,
      run: async () =>
        accepted((await execute(ReceivingReceiveDocument, { id: ret.id, input })).receivingReceive),
      onDone: () => void refresh(client),
      onRefused: (refusal) => {
        onRefused(refusal);
        void refresh(client);
      },
    });
  };
  return (
    <Section title={t(ret.seen === 0 ? "receiving.form.title" : "receiving.form.next", { n: ret.seen + 1 })}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && (total > 0 || unsent)) {
            send();
          }
        }}
      >
        <ul className={styles.list}>
          {lines.map((line) => {
            const count = counts.get(line.id) ?? { received: 0, wrong: 0, rejected: 0, rejectReason: "" };
            const room = roomOf(line);
            return (
              <li key={line.id} className={styles.line}>
                <Thumb url={line.thumbnailUrl} size={48} />
                <div className={styles.what}>
                  <p className={styles.strong}>{nameOf(line)}</p>
                  <Muted>
                    {[
                      line.sku,
                      line.forRepair
                        ? t("receiving.form.forRepair")
                        : t("receiving.form.expected", { count: line.outstanding }),
                      line.reason,
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </Muted>
                  <div className={styles.counters}>
                    <Counter
                      label={t("receiving.form.received")}
                      value={count.received}
                      max={room - count.wrong}
                      onChange={(received) => set(line.id, { received })}
                    />
                    <Counter
                      label={t("receiving.form.wrong")}
                      value={count.wrong}
                      max={room - count.received}
                      onChange={(wrong) => set(line.id, { wrong })}
                    />
                    <Counter
                      label={t("receiving.form.rejected")}
                      value={count.rejected}
                      max={count.received}
                      onChange={(rejected) => set(line.id, { rejected })}
                    />
                  </div>
                  {count.rejected > 0 && (
                    <TextArea
                      label={t("receiving.form.rejectReason")}
                      help={t("receiving.form.rejectHelp")}
                      required
                      rows={2}
                      maxLength={2000}
                      value={count.rejectReason}
                      onChange={(event) => set(line.id, { rejectReason: event.target.value })}
                    />
                  )}
                </div>
              </li>
            );
          })}
        </ul>
        <TextArea
          label={t("common.optional", { label: t("receiving.form.note") })}
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Actions>
          <Button type="submit" variant="primary" busy={busy} disabled={total === 0 && !unsent}>
            {t("receiving.form.confirm", { count: total })}
          </Button>
        </Actions>
      </form>
    </Section>
  );
}
