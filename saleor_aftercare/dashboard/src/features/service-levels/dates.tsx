import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/button";
import { useT } from "@/lib/intl";
import styles from "./service-levels.module.css";
import type { ClosureValue, OpeningValue } from "./values";

/** Days of one's own on which nobody works, or not all day. */
export function ClosureList({
  closures,
  onChange,
}: {
  closures: ClosureValue[];
  onChange: (closures: ClosureValue[]) => void;
}) {
  const t = useT();
  const put = (index: number, change: Partial<ClosureValue>) =>
    onChange(closures.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <>
      <ul className={styles.dates}>
        {closures.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal rows may stand beside each other while somebody types
          <li key={index} className={styles.span}>
            <Day label={t("sla.dates.first")} value={one.first} onChange={(first) => put(index, { first })} />
            –
            <Day label={t("sla.dates.last")} value={one.last} onChange={(last) => put(index, { last })} />
            <Time label={t("sla.hours.from")} value={one.start} onChange={(start) => put(index, { start })} />
            <Time label={t("sla.hours.to")} value={one.end} onChange={(end) => put(index, { end })} />
            <Name value={one.name} onChange={(name) => put(index, { name })} />
            <Remove onRemove={() => onChange(closures.filter((_one, at) => at !== index))} />
          </li>
        ))}
      </ul>
      <Add
        label={t("sla.closures.add")}
        onAdd={() => onChange([...closures, { first: "", last: "", start: "", end: "", name: "" }])}
      />
    </>
  );
}

/** Days on which somebody works beyond the weekly hours. */
export function OpeningList({
  openings,
  onChange,
}: {
  openings: OpeningValue[];
  onChange: (openings: OpeningValue[]) => void;
}) {
  const t = useT();
  const put = (index: number, change: Partial<OpeningValue>) =>
    onChange(openings.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <>
      <ul className={styles.dates}>
        {openings.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal rows may stand beside each other while somebody types
          <li key={index} className={styles.span}>
            <Day label={t("sla.dates.day")} value={one.date} onChange={(date) => put(index, { date })} />
            <Time label={t("sla.hours.from")} value={one.start} onChange={(start) => put(index, { start })} />
            –
            <Time label={t("sla.hours.to")} value={one.end} onChange={(end) => put(index, { end })} />
            <Name value={one.name} onChange={(name) => put(index, { name })} />
            <Remove onRemove={() => onChange(openings.filter((_one, at) => at !== index))} />
          </li>
        ))}
      </ul>
      <Add
        label={t("sla.openings.add")}
        onAdd={() => onChange([...openings, { date: "", start: "10:00", end: "14:00", name: "" }])}
      />
    </>
  );
}

interface InputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Day({ label, value, onChange }: InputProps) {
  return (
    <input
      type="date"
      className={styles.date}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Time({ label, value, onChange }: InputProps) {
  return (
    <input
      type="time"
      className={styles.time}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Name({ value, onChange }: Omit<InputProps, "label">) {
  const t = useT();
  return (
    <input
      className={styles.text}
      aria-label={t("sla.dates.name")}
      placeholder={t("sla.dates.name")}
      maxLength={100}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Remove({ onRemove }: { onRemove: () => void }) {
  const t = useT();
  return <IconButton label={t("sla.dates.remove")} icon={<X size={16} />} onClick={onRemove} />;
}

function Add({ label, onAdd }: { label: string; onAdd: () => void }) {
  return (
    <div>
      <Button variant="tertiary" icon={<Plus size={16} aria-hidden />} onClick={onAdd}>
        {label}
      </Button>
    </div>
  );
}
