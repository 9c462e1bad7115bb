import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { SelectField, TextArea, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import { Age } from "@/components/time";
import { CallerDocument, CallLogDocument } from "@/gql/call";
import type { CallOutcome } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { refreshCases } from "@/lib/query-keys";
import styles from "./call.module.css";
import { CALLS } from "./call-data";

const INBOUND = ["ANSWERED", "MISSED", "VOICEMAIL"] as const;
const OUTBOUND = ["ANSWERED", "NO_ANSWER", "BUSY", "VOICEMAIL", "FAILED"] as const;

interface CallDialogProps {
  onClose: () => void;
  /** Whom it was with, as far as the place it is noted at knows. */
  number?: string;
  ticket?: { id: string; number: number };
  isInbound?: boolean;
}

/** Notes a telephone call: with whom, how it went, what was said, and whether to call back. */
export function CallDialog({ onClose, number: known = "", ticket, isInbound = true }: CallDialogProps) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [inbound, setInbound] = useState(isInbound);
  const [number, setNumber] = useState(known);
  const [outcome, setOutcome] = useState<CallOutcome>("ANSWERED");
  const [minutes, setMinutes] = useState("");
  const [note, setNote] = useState("");
  const [callBack, setCallBack] = useState("");
  const log = useMutation({
    mutationFn: async () => {
      const length = Number.parseFloat(minutes.replace(",", "."));
      const input = {
        isInbound: inbound,
        number: number.trim() || null,
        outcome,
        durationSeconds: Number.isFinite(length) ? Math.round(length * 60) : null,
        note,
        callBackAt: callBack === "" ? null : new Date(callBack).toISOString(),
        ticketId: ticket?.id ?? null,
      };
      return accepted((await execute(CallLogDocument, { input })).callLog);
    },
    onSuccess: ({ ticket: where }) => {
      void client.invalidateQueries({ queryKey: CALLS });
      void refreshCases(client);
      notify("success", t("calls.noted"));
      onClose();
      if (where && where.number !== ticket?.number) {
        navigate(`/inbox/tickets/${where.number}`);
      }
    },
  });
  const refused = log.error instanceof Refusal ? log.error.problems : [];
  const problemOf = (field: string) => refused.find((one) => one.field === field)?.message;
  return (
    <Dialog
      title={t("calls.note")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" busy={log.isPending} onClick={() => log.mutate()}>
            {t("calls.save")}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <Pair>
          <SelectField
            label={t("calls.direction")}
            value={inbound ? "in" : "out"}
            onChange={(event) => {
              setInbound(event.target.value === "in");
              setOutcome("ANSWERED");
            }}
          >
            <option value="in">{t("calls.inbound")}</option>
            <option value="out">{t("calls.outbound")}</option>
          </SelectField>
          <TextField
            label={t("common.optional", { label: t("calls.number") })}
            type="tel"
            autoComplete="off"
            value={number}
            error={problemOf("number")}
            onChange={(event) => setNumber(event.target.value)}
          />
        </Pair>
        <Caller number={number} />
        <Pair>
          <SelectField
            label={t("calls.outcome")}
            value={outcome}
            error={problemOf("outcome")}
            onChange={(event) => setOutcome(event.target.value as CallOutcome)}
          >
            {(inbound ? INBOUND : OUTBOUND).map((one) => (
              <option key={one} value={one}>
                {t(`calls.outcome.${one}`)}
              </option>
            ))}
          </SelectField>
          {outcome === "ANSWERED" && (
            <TextField
              label={t("common.optional", { label: t("calls.minutes") })}
              inputMode="decimal"
              value={minutes}
              error={problemOf("durationSeconds")}
              onChange={(event) => setMinutes(event.target.value)}
            />
          )}
        </Pair>
        <TextArea
          label={t("common.optional", { label: t("calls.said") })}
          help={t("calls.said.help")}
          rows={4}
          value={note}
          error={problemOf("note")}
          onChange={(event) => setNote(event.target.value)}
        />
        <TextField
          label={t("common.optional", { label: t("calls.callBackAt") })}
          help={t("calls.callBackAt.help")}
          type="datetime-local"
          value={callBack}
          error={problemOf("callBackAt")}
          onChange={(event) => setCallBack(event.target.value)}
        />
        {log.error && refused.every((one) => one.field === null) && <Problem>{explain(log.error)}</Problem>}
      </div>
    </Dialog>
  );
}

/** Who calls from the number that was typed. */
function Caller({ number }: { number: string }) {
  const t = useT();
  const wanted = useDeferredValue(number.trim());
  const caller = useQuery({
    queryKey: ["caller", wanted],
    queryFn: async ({ signal }) => (await execute(CallerDocument, { number: wanted }, signal)).caller,
    enabled: wanted.length >= 6,
    staleTime: 60_000,
  });
  const found = caller.data;
  const last = found?.calls[0];
  return (
    <div role="status" className={styles.caller}>
      {wanted.length >= 6 && found === null && t("calls.caller.none")}
      {found && !found.person && t("calls.caller.unknown", { number: found.numberShown })}
      {found?.person && (
        <>
          <strong>{found.person.name || found.numberShown}</strong>
          <span>{t("calls.caller.orders", { count: found.person.orderCount })}</span>
          {found.person.orders.map((order) => (
            <span key={order.id}>#{order.number}</span>
          ))}
        </>
      )}
      {last && (
        <span>
          {t("calls.caller.last")} <Age at={last.startedAt} />
        </span>
      )}
    </div>
  );
}
