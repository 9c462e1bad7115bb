import clsx from "clsx";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import styles from "./picker.module.css";

export interface PickerItem {
  key: string;
  label: ReactNode;
  hint?: string;
  onPick: () => void;
}

interface Picker {
  /** What the text field says about the list: it keeps the focus. */
  fieldProps: Record<string, string | boolean | undefined>;
  /** True when the key was the list's. */
  onKeyDown: (event: KeyboardEvent) => boolean;
  list: ReactNode;
}

interface PickerOptions {
  label: string;
  empty: string;
  items: readonly PickerItem[] | undefined;
  /** What the list is about; a new one opens it anew. */
  about: string | undefined;
  onClose: () => void;
}

/** A list beside a text field that keeps the focus: arrows move, Enter or Tab choose, Escape closes. */
export function usePicker({ label, empty, items, about, onClose }: PickerOptions): Picker {
  const id = useId();
  const [active, setActive] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at the first answer
  useEffect(() => setActive(0), [about]);
  const open = about !== undefined && items !== undefined;
  const at = Math.min(active, Math.max(0, (items?.length ?? 0) - 1));
  const optionId = (index: number) => `${id}-${index}`;

  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [id, at]);

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.ctrlKey || event.metaKey) {
      return false;
    }
    const count = items.length;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === "ArrowDown" && count > 0) {
      event.preventDefault();
      setActive((at + 1) % count);
    } else if (event.key === "ArrowUp" && count > 0) {
      event.preventDefault();
      setActive((at - 1 + count) % count);
    } else if ((event.key === "Enter" || event.key === "Tab") && count > 0) {
      event.preventDefault();
      items[at]?.onPick();
    } else {
      return false;
    }
    return true;
  };

  return {
    fieldProps: open
      ? {
          "aria-autocomplete": "list",
          "aria-controls": id,
          "aria-activedescendant": items.length > 0 ? optionId(at) : undefined,
        }
      : {},
    onKeyDown,
    list: open && (
      <div className={styles.popup}>
        <p className={styles.title}>{label}</p>
        {/* The text field has the focus; this is what its aria-activedescendant points into. */}
        <div id={id} role="listbox" aria-label={label} className={styles.list} tabIndex={-1}>
          {items.map((item, index) => (
            // The keys are the text field's.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              key={item.key}
              id={optionId(index)}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={clsx(styles.option, index === at && styles.active)}
              // A press must not take the focus from the text.
              onMouseDown={(event) => event.preventDefault()}
              onClick={item.onPick}
            >
              <span className={styles.label}>{item.label}</span>
              {item.hint !== undefined && <span className={styles.hint}>{item.hint}</span>}
            </div>
          ))}
        </div>
        {items.length === 0 && <p className={styles.empty}>{empty}</p>}
      </div>
    ),
  };
}
