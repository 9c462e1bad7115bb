import clsx from "clsx";
import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { useT } from "@/lib/intl";
import field from "./field.module.css";
import styles from "./tokens.module.css";

interface TokensProps {
  label: string;
  help?: string;
  error?: string | undefined;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** How a value reads; itself when left out. */
  name?: (value: string) => string;
  /** What is typed as it is kept, such as a country code in capitals. */
  tidy?: (text: string) => string;
  disabled?: boolean;
}

const SEPARATORS = /[,\n;、]+/;

/** Several short texts: written one after the other, or pasted as a list. */
export function Tokens({
  label,
  help,
  error,
  values,
  onChange,
  name = (value) => value,
  tidy = (text) => text,
  disabled = false,
}: TokensProps) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState("");

  const add = (written: string) => {
    const fresh = written
      .split(SEPARATORS)
      .map((one) => tidy(one.trim()))
      .filter((one) => one !== "");
    if (fresh.length > 0) {
      onChange([...new Set([...values, ...fresh])]);
    }
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === "Enter" || event.key === ",") {
      // Enter would save the whole page.
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && text === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (SEPARATORS.test(pasted)) {
      event.preventDefault();
      add(text + pasted);
    }
  };

  const notes = [error !== undefined && `${id}-error`, help !== undefined && `${id}-help`].filter(Boolean);
  return (
    <div className={field.field}>
      <div className={clsx(field.box, error !== undefined && field.invalid)}>
        <label htmlFor={id} className={field.label}>
          {label}
        </label>
        <div className={styles.tokens}>
          {values.map((value) => (
            <span key={value} className={styles.token}>
              <span className={styles.text}>{name(value)}</span>
              <button
                type="button"
                className={styles.remove}
                disabled={disabled}
                aria-label={t("tokens.remove", { value: name(value) })}
                onClick={() => onChange(values.filter((one) => one !== value))}
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          ))}
          <input
            id={id}
            className={styles.input}
            value={text}
            disabled={disabled}
            autoComplete="off"
            placeholder={values.length === 0 ? t("tokens.any") : t("tokens.more")}
            aria-invalid={error !== undefined}
            aria-describedby={notes.length > 0 ? notes.join(" ") : undefined}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => add(text)}
          />
        </div>
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className={field.error}>
          {error}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className={field.help}>
          {help}
        </p>
      )}
    </div>
  );
}
