import { TextField } from "@/components/field";
import type { ParcelDefaultsPartsFragment, ParcelSizeInput } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { problemAt } from "@/lib/mutation";
import styles from "./parcels.module.css";

const FIELDS = ["lengthCm", "widthCm", "heightCm", "weightG"] as const;
type FieldName = (typeof FIELDS)[number];

/** A parcel's size as somebody types it; empty: not measured. */
export type TypedSize = Record<FieldName, string>;

export const UNMEASURED: TypedSize = { lengthCm: "", widthCm: "", heightCm: "", weightG: "" };

interface Measured {
  lengthCm: number | null;
  widthCm: number | null;
  heightCm: number | null;
  weightG: number | null;
}

/** What is known of a size, to be typed over. */
export const typedSize = (known: Measured): TypedSize => ({
  lengthCm: String(known.lengthCm ?? ""),
  widthCm: String(known.widthCm ?? ""),
  heightCm: String(known.heightCm ?? ""),
  weightG: String(known.weightG ?? ""),
});

/** Full-width digits, as a Japanese keyboard types them, are digits. */
const asNumber = (text: string): number | null => {
  const plain = text.normalize("NFKC").trim();
  // What is no whole number goes to the server as zero, which names the field.
  return plain === "" ? null : /^\d{1,6}$/.test(plain) ? Number(plain) : 0;
};

export const sizeInput = (typed: TypedSize): ParcelSizeInput => ({
  lengthCm: asNumber(typed.lengthCm),
  widthCm: asNumber(typed.widthCm),
  heightCm: asNumber(typed.heightCm),
  weightG: asNumber(typed.weightG),
});

interface SizeFieldsProps {
  value: TypedSize;
  onChange: (value: TypedSize) => void;
  error: unknown;
  /** What the shop's parcels are like as a rule; shown where nothing is typed. */
  usual?: ParcelDefaultsPartsFragment | undefined;
}

const LABELS: Record<FieldName, MessageId> = {
  lengthCm: "parcel.size.length",
  widthCm: "parcel.size.width",
  heightCm: "parcel.size.height",
  weightG: "parcel.size.weight",
};

/** Length, width, height and weight, in metric units. */
export function SizeFields({ value, onChange, error, usual }: SizeFieldsProps) {
  const t = useT();
  const problem = (name: FieldName): string | undefined => problemAt(error, name);
  return (
    <fieldset className={styles.size}>
      <legend>{t("parcel.size")}</legend>
      {FIELDS.map((name) => (
        <TextField
          key={name}
          label={t(LABELS[name])}
          inputMode="numeric"
          maxLength={6}
          value={value[name]}
          placeholder={usual ? String(usual[name]) : undefined}
          error={problem(name)}
          onChange={(event) => onChange({ ...value, [name]: event.target.value })}
        />
      ))}
    </fieldset>
  );
}
