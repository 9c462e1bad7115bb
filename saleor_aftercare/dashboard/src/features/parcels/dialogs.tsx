import { useState } from "react";
import { Muted } from "@/components/card";
import { SelectField, TextField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import {
  ParcelLabelUploadDocument,
  ParcelMarkSentDocument,
  ParcelReplaceDocument,
  ParcelRetryDocument,
  ParcelTrackingSetDocument,
  ReturnParcelAddDocument,
} from "@/gql/parcels";
import type { ParcelDefaultsPartsFragment, ParcelPartsFragment, ParcelSizeInput } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, problemAt } from "@/lib/mutation";
import { useStep } from "@/lib/step";
import type { ProviderChoice } from "./parcel-card";
import { SizeFields, sizeInput, type TypedSize, typedSize, UNMEASURED } from "./size-fields";

interface DialogProps {
  parcel: ParcelPartsFragment;
  onClose: () => void;
}

interface LabelDialogProps {
  title: string;
  confirm: string;
  providers: readonly ProviderChoice[];
  /** The slug to begin with; empty: the shop's choice. */
  provider: string;
  size: TypedSize;
  usual: ParcelDefaultsPartsFragment;
  note?: string | undefined;
  make: (provider: string, size: ParcelSizeInput) => Promise<unknown>;
  onClose: () => void;
}

/** From where a label comes, and how large and heavy its parcel is. */
function LabelDialog({ title, confirm, providers, note, make, onClose, ...begin }: LabelDialogProps) {
  const t = useT();
  const [provider, setProvider] = useState(begin.provider);
  const [size, setSize] = useState(begin.size);
  const step = useStep(async () => make(provider, sizeInput(size)), onClose);
  return (
    <FormDialog
      title={title}
      confirm={confirm}
      busy={step.isPending}
      error={step.error}
      onClose={onClose}
      onSubmit={() => step.mutate(undefined)}
    >
      {note !== undefined && <Muted>{note}</Muted>}
      <SelectField
        label={t("parcel.provider")}
        value={provider}
        error={problemAt(step.error, "provider")}
        onChange={(event) => setProvider(event.target.value)}
      >
        {begin.provider === "" && <option value="">{t("parcel.provider.usual")}</option>}
        {providers.map((one) => (
          <option key={one.slug} value={one.slug}>
            {one.name}
          </option>
        ))}
      </SelectField>
      <SizeFields value={size} onChange={setSize} error={step.error} usual={begin.usual} />
      <Muted>{t("parcel.size.help")}</Muted>
    </FormDialog>
  );
}

interface ProviderDialogProps extends DialogProps {
  providers: readonly ProviderChoice[];
  usual: ParcelDefaultsPartsFragment;
}

/** Another try to get a label, by the same provider or another. */
export function RetryDialog({ parcel, providers, usual, onClose }: ProviderDialogProps) {
  const t = useT();
  return (
    <LabelDialog
      title={t("parcel.retry.title", { number: parcel.number })}
      confirm={t("parcel.retry.confirm")}
      note={parcel.state === "UNKNOWN" ? t("parcel.retry.unknown") : undefined}
      provider={parcel.provider ?? ""}
      providers={providers}
      size={typedSize(parcel)}
      usual={usual}
      make={async (provider, size) =>
        accepted((await execute(ParcelRetryDocument, { id: parcel.id, provider, size })).parcelRetry)
      }
      onClose={onClose}
    />
  );
}

/** A new label for a parcel whose label is not of use any more. */
export function ReplaceDialog({ parcel, providers, usual, onClose }: ProviderDialogProps) {
  const t = useT();
  return (
    <LabelDialog
      title={t("parcel.replace.title", { number: parcel.number })}
      confirm={t("parcel.add.confirm")}
      note={t("parcel.replace.note")}
      provider=""
      providers={providers}
      size={typedSize(parcel)}
      usual={usual}
      make={async (provider, size) =>
        accepted(
          (await execute(ParcelReplaceDocument, { id: parcel.id, provider: provider || null, size }))
            .parcelReplace,
        )
      }
      onClose={onClose}
    />
  );
}

interface AddDialogProps extends Omit<ProviderDialogProps, "parcel"> {
  returnId: string;
}

/** One more parcel of a return. */
export function AddDialog({ returnId, providers, usual, onClose }: AddDialogProps) {
  const t = useT();
  return (
    <LabelDialog
      title={t("parcel.add.title")}
      confirm={t("parcel.add.confirm")}
      provider=""
      providers={providers}
      size={UNMEASURED}
      usual={usual}
      make={async (provider, size) =>
        accepted(
          (await execute(ReturnParcelAddDocument, { id: returnId, provider: provider || null, size }))
            .returnParcelAdd,
        )
      }
      onClose={onClose}
    />
  );
}

/** A label that staff got elsewhere. */
export function UploadDialog({ parcel, onClose }: DialogProps) {
  const t = useT();
  const [file, setFile] = useState<File>();
  const [tried, setTried] = useState(false);
  const [values, setValues] = useState({ carrier: "", trackingNumber: "", costAmount: "", expiresOn: "" });
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues((before) => ({ ...before, [name]: event.target.value }));
  const upload = useStep(async (label: File) => {
    const input = {
      file: label,
      carrier: values.carrier.trim(),
      trackingNumber: values.trackingNumber.trim(),
      costAmount: values.costAmount.trim() || null,
      expiresOn: values.expiresOn || null,
    };
    return accepted((await execute(ParcelLabelUploadDocument, { id: parcel.id, input })).parcelLabelUpload);
  }, onClose);
  const missing = (value: unknown) => (tried && !value ? t("parcel.upload.needed") : undefined);
  return (
    <FormDialog
      title={t("parcel.upload.title", { number: parcel.number })}
      confirm={t("parcel.upload.confirm")}
      busy={upload.isPending}
      error={upload.error}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (file && values.carrier.trim() !== "") {
          upload.mutate(file);
        }
      }}
    >
      <TextField
        type="file"
        accept="application/pdf,image/png,image/jpeg,image/gif"
        label={t("parcel.upload.file")}
        help={t("parcel.upload.fileHelp")}
        error={missing(file) ?? problemAt(upload.error, "file")}
        onChange={(event) => setFile(event.target.files?.[0])}
      />
      <TextField
        label={t("parcel.carrier")}
        maxLength={60}
        value={values.carrier}
        error={missing(values.carrier.trim()) ?? problemAt(upload.error, "carrier")}
        onChange={set("carrier")}
      />
      <TextField
        label={t("common.optional", { label: t("parcel.tracking") })}
        maxLength={100}
        value={values.trackingNumber}
        error={problemAt(upload.error, "trackingNumber")}
        onChange={set("trackingNumber")}
      />
      <TextField
        label={t("common.optional", { label: t("parcel.cost") })}
        inputMode="decimal"
        value={values.costAmount}
        error={problemAt(upload.error, "costAmount") ?? problemAt(upload.error, "cost")}
        onChange={set("costAmount")}
      />
      <TextField
        type="date"
        label={t("common.optional", { label: t("parcel.expiresOn") })}
        value={values.expiresOn}
        onChange={set("expiresOn")}
      />
    </FormDialog>
  );
}

/** The customer told staff that it was sent. */
export function SentDialog({ parcel, onClose }: DialogProps) {
  const t = useT();
  const [number, setNumber] = useState(parcel.trackingNumber ?? "");
  const sent = useStep(async () => {
    const trackingNumber = number.trim() || null;
    return accepted(
      (await execute(ParcelMarkSentDocument, { id: parcel.id, trackingNumber })).parcelMarkSent,
    );
  }, onClose);
  return (
    <FormDialog
      title={t("parcel.sent.title", { number: parcel.number })}
      confirm={t("return.mark_sent")}
      busy={sent.isPending}
      error={sent.error}
      onClose={onClose}
      onSubmit={() => sent.mutate(undefined)}
    >
      <TextField
        label={t("common.optional", { label: t("parcel.tracking") })}
        maxLength={100}
        value={number}
        error={problemAt(sent.error, "trackingNumber")}
        onChange={(event) => setNumber(event.target.value)}
      />
    </FormDialog>
  );
}

/** The number by which it is followed. */
export function TrackingDialog({ parcel, onClose }: DialogProps) {
  const t = useT();
  const [number, setNumber] = useState(parcel.trackingNumber ?? "");
  const [carrier, setCarrier] = useState(parcel.carrier === "printable" ? "" : (parcel.carrier ?? ""));
  const save = useStep(
    async () =>
      accepted(
        (
          await execute(ParcelTrackingSetDocument, {
            id: parcel.id,
            trackingNumber: number.trim(),
            carrier: carrier.trim() || null,
          })
        ).parcelTrackingSet,
      ),
    onClose,
  );
  return (
    <FormDialog
      title={t("parcel.tracking.title", { number: parcel.number })}
      confirm={t("settings.save")}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() => save.mutate(undefined)}
    >
      <TextField
        label={t("parcel.tracking")}
        maxLength={100}
        value={number}
        error={problemAt(save.error, "trackingNumber")}
        onChange={(event) => setNumber(event.target.value)}
      />
      <TextField
        label={t("common.optional", { label: t("parcel.carrier") })}
        maxLength={60}
        value={carrier}
        error={problemAt(save.error, "carrier")}
        onChange={(event) => setCarrier(event.target.value)}
      />
    </FormDialog>
  );
}
