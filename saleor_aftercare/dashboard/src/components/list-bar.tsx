import { ChevronDown, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type MessageId, useT } from "@/lib/intl";
import styles from "./list-bar.module.css";

interface StateFilterProps<State extends string> {
  states: readonly State[];
  label: (state: State) => MessageId;
  value: State | "";
  onChange: (state: State | "") => void;
}

/** One state, or all of them. */
export function StateFilter<State extends string>({
  states,
  label,
  value,
  onChange,
}: StateFilterProps<State>) {
  const t = useT();
  return (
    <div className={styles.filter} role="group" aria-label={t("case.filter")}>
      {(["", ...states] as const).map((state) => (
        <button key={state} type="button" aria-pressed={state === value} onClick={() => onChange(state)}>
          {state === "" ? t("common.all") : t(label(state))}
        </button>
      ))}
    </div>
  );
}

const TYPING_MS = 300;

export function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<number>();
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const change = (next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    if (!composing.current) {
      timer.current = window.setTimeout(() => onChange(next.trim()), TYPING_MS);
    }
  };
  return (
    <div role="search" className={styles.search}>
      <Search size={16} aria-hidden />
      <input
        type="text"
        value={text}
        placeholder={t("case.search")}
        aria-label={t("case.search")}
        onChange={(event) => change(event.target.value)}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          change(event.currentTarget.value);
        }}
      />
    </div>
  );
}

interface SelectFilterProps<Value extends string> {
  label: string;
  value: Value | "";
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value | "") => void;
}

/** One of several, or all of them, where there are too many for buttons. */
export function SelectFilter<Value extends string>({
  label,
  value,
  options,
  onChange,
}: SelectFilterProps<Value>) {
  const t = useT();
  return (
    <div className={styles.select}>
      <select
        aria-label={label}
        value={value}
        onChange={(event) => onChange(options.find((one) => one.value === event.target.value)?.value ?? "")}
      >
        <option value="">{t("case.filter.all", { what: label })}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      <ChevronDown size={16} aria-hidden />
    </div>
  );
}

export function ListBar({ children }: { children: React.ReactNode }) {
  return <div className={styles.bar}>{children}</div>;
}
