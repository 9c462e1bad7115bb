import { Minus, Plus } from "lucide-react";
import { IconButton } from "@/components/button";
import { useT } from "@/lib/intl";
import styles from "./receiving.module.css";

interface CounterProps {
  label: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}

/** A number of units, by buttons that a gloved thumb hits, or typed. */
export function Counter({ label, value, max, onChange }: CounterProps) {
  const t = useT();
  const set = (next: number) => onChange(Math.min(Math.max(Number.isNaN(next) ? 0 : next, 0), max));
  return (
    <div role="group" aria-label={label} className={styles.counter}>
      <span className={styles.counterLabel}>{label}</span>
      <IconButton
        label={t("receiving.less")}
        icon={<Minus size={16} />}
        disabled={value <= 0}
        onClick={() => set(value - 1)}
      />
      <input
        type="number"
        inputMode="numeric"
        min={0}
        max={max}
        value={value}
        aria-label={label}
        onChange={(event) => set(Math.trunc(Number(event.target.value)))}
      />
      <IconButton
        label={t("receiving.more")}
        icon={<Plus size={16} />}
        disabled={value >= max}
        onClick={() => set(value + 1)}
      />
    </div>
  );
}
