import { useState } from "react";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField, TextArea, TextField } from "@/components/field";
import { PhotosField } from "@/components/photos-field";
import { ReceivingInspectDocument, ReceivingRejectDocument } from "@/gql/receiving";
import type { Disposition, Grade, ReceivingLinePartsFragment, ReceivingSheetFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { uniqueKey } from "@/lib/unique";
import { usePlaces } from "./data";
import { nameOf } from "./receive-form";

const GRADES: readonly Grade[] = ["A", "B", "C", "D"];
const PLACES: readonly Disposition[] = ["RESTOCK", "OUTLET", "REPAIR", "SCRAP", "VENDOR", "QUARANTINE"];
/** Where units may go that are repaired for their owner. */
const PLACES_OF_CUSTOMERS: readonly Disposition[] = ["REPAIR", "QUARANTINE"];
const MOST_SERIALS = 20;

interface InspectFormProps {
  ret: ReceivingSheetFragment;
  line: ReceivingLinePartsFragment;
  onClose: () => void;
}

/** Grade, findings, pictures, and where the units go. */
export function InspectForm({ ret, line, onClose }: InspectFormProps) {
  const t = useT();
  const explain = useExplain();
  const [key] = useState(uniqueKey);
  const [quantity, setQuantity] = useState(line.toInspect);
  const [grade, setGrade] = useState<Grade>("A");
  const [disposition, setDisposition] = useState<Disposition>(line.forRepair ? "REPAIR" : "RESTOCK");
  const [serials, setSerials] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [note, setNote] = useState("");
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const stocked = disposition === "RESTOCK" || disposition === "OUTLET";
  const places = usePlaces(ret.number, stocked);
  const warehouseId = chosen ?? (disposition === "RESTOCK" ? places.data?.suggested : undefined) ?? "";
  const inspect = useStep(
    async () =>
      accepted(
        (
          await execute(ReceivingInspectDocument, {
            lineId: line.id,
            input: {
              key,
              quantity,
              grade,
              disposition,
              warehouseId: stocked && warehouseId !== "" ? warehouseId : null,
              note,
              serialNumbers:
                disposition === "REPAIR" ? serials.split("\n").filter((one) => one.trim() !== "") : [],
              photos: [...photos],
            },
          })
        ).receivingInspect,
      ),
    onClose,
  );
  return (
    <Dialog
      title={t("receiving.inspect.title", { product: nameOf(line) })}
      onClose={onClose}
      side
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={inspect.isPending}
            disabled={quantity < 1 || (disposition === "RESTOCK" && warehouseId === "")}
            onClick={() => inspect.mutate(undefined)}
          >
            {t("receiving.inspect.confirm", { count: quantity })}
          </Button>
        </>
      }
    >
      <TextField
        type="number"
        inputMode="numeric"
        min={1}
        max={line.toInspect}
        label={t("receiving.inspect.quantity", { count: line.toInspect })}
        value={quantity}
        onChange={(event) => {
          const next = Math.trunc(Number(event.target.value));
          setQuantity(Math.min(Math.max(Number.isNaN(next) ? 0 : next, 0), line.toInspect));
        }}
      />
      <SelectField
        label={t("receiving.inspect.grade")}
        value={grade}
        onChange={(event) => setGrade(event.target.value as Grade)}
      >
        {GRADES.map((one) => (
          <option key={one} value={one}>
            {t(`receiving.grade.${one}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("receiving.inspect.disposition")}
        value={disposition}
        onChange={(event) => setDisposition(event.target.value as Disposition)}
      >
        {(line.forRepair ? PLACES_OF_CUSTOMERS : PLACES).map((one) => (
          <option key={one} value={one}>
            {t(`receiving.disposition.${one}`)}
          </option>
        ))}
      </SelectField>
      {disposition === "REPAIR" && (
        <>
          <Muted>{t(line.forRepair ? "receiving.inspect.customers" : "receiving.inspect.ours")}</Muted>
          <TextArea
            label={t("common.optional", { label: t("receiving.inspect.serials") })}
            help={t("receiving.inspect.serialsHelp", { count: Math.min(quantity, MOST_SERIALS) })}
            rows={2}
            maxLength={2200}
            value={serials}
            onChange={(event) => setSerials(event.target.value)}
          />
        </>
      )}
      {stocked && places.isPending && <Skeleton rows={1} height={40} />}
      {stocked && places.error && <ErrorNotice error={places.error} onRetry={() => void places.refetch()} />}
      {stocked && places.data && (
        <SelectField
          label={t("receiving.inspect.warehouse")}
          value={warehouseId}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="">{t("common.none")}</option>
          {places.data.warehouses.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </SelectField>
      )}
      <TextArea
        label={t("common.optional", { label: t("receiving.inspect.note") })}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <PhotosField onChoose={setPhotos} />
      {inspect.error && <Problem>{explain(inspect.error)}</Problem>}
    </Dialog>
  );
}

/** Units that were received, and are not accepted after all. */
export function RejectForm({ ret, line, onClose }: InspectFormProps) {
  const t = useT();
  const explain = useExplain();
  const [quantity, setQuantity] = useState(line.toInspect);
  const [reason, setReason] = useState("");
  const reject = useStep(
    async () =>
      accepted(
        (await execute(ReceivingRejectDocument, { id: ret.id, lines: [{ id: line.id, quantity, reason }] }))
          .receivingReject,
      ),
    onClose,
  );
  return (
    <Dialog
      title={t("receiving.reject.title", { product: nameOf(line) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={reject.isPending}
            disabled={reason.trim() === "" || quantity < 1}
            onClick={() => reject.mutate(undefined)}
          >
            {t("receiving.reject.confirm", { count: quantity })}
          </Button>
        </>
      }
    >
      <TextField
        type="number"
        min={1}
        max={line.toInspect}
        label={t("receiving.inspect.quantity", { count: line.toInspect })}
        value={quantity}
        onChange={(event) => {
          const next = Math.trunc(Number(event.target.value));
          setQuantity(Math.min(Math.max(Number.isNaN(next) ? 0 : next, 0), line.toInspect));
        }}
      />
      <TextArea
        label={t("receiving.form.rejectReason")}
        help={t("receiving.form.rejectHelp")}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {reject.error && <Problem>{explain(reject.error)}</Problem>}
    </Dialog>
  );
}
