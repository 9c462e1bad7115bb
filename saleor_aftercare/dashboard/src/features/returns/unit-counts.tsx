import { useState } from "react";
import { TextField } from "@/components/field";
import type { ReturnCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";

/** Units chosen of each line of a return: all of them, until somebody says otherwise. */
export function useUnitCounts(ret: ReturnCardFragment) {
  const [counts, setCounts] = useState(() => new Map(ret.lines.map((line) => [line.id, line.quantity])));
  const lines = ret.lines.map(({ id }) => ({ id, quantity: counts.get(id) ?? 0 }));
  const total = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return { counts, setCounts, lines, total };
}

interface UnitFieldsProps {
  ret: ReturnCardFragment;
  label: "return.approveInPart.quantity";
  counts: ReadonlyMap<string, number>;
  onChange: (counts: Map<string, number>) => void;
}

/** A number for each line, from none to all of its units. */
export function UnitFields({ ret, label, counts, onChange }: UnitFieldsProps) {
  const t = useT();
  return ret.lines.map((line) => (
    <TextField
      key={line.id}
      type="number"
      min={0}
      max={line.quantity}
      step={1}
      required
      label={t(label, { product: line.orderLine.productName, quantity: line.quantity })}
      value={counts.get(line.id) ?? 0}
      onChange={(event) => {
        const count = Math.trunc(Number(event.target.value));
        const within = Math.min(Math.max(Number.isNaN(count) ? 0 : count, 0), line.quantity);
        onChange(new Map(counts).set(line.id, within));
      }}
    />
  ));
}
