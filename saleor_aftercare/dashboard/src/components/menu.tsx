import clsx from "clsx";
import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./menu.module.css";

export interface MenuItem {
  key: string;
  label: ReactNode;
  hint?: string;
  checked?: boolean;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  /** The button's content. */
  children: ReactNode;
  className?: string;
  align?: "start" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A button that opens a list of commands: arrows, Home, End and letters move, Escape gives the focus back. */
export function Menu({ label, items, children, className, align = "start", open, onOpenChange }: MenuProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const shown = open ?? ownOpen;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const setOpen = (value: boolean) => {
    setOwnOpen(value);
    onOpenChange?.(value);
  };
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) {
      button.current?.focus();
    }
  };

  useEffect(() => {
    if (shown) {
      const chosen = list.current?.querySelector<HTMLElement>("[aria-checked=true]");
      (chosen ?? list.current?.querySelector<HTMLElement>("[role^=menuitem]"))?.focus();
    }
  }, [shown]);

  const onKeyDown = (event: KeyboardEvent) => {
    const options = [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = options.indexOf(document.activeElement as HTMLElement);
    const goTo = (index: number) => {
      event.preventDefault();
      options[(index + options.length) % options.length]?.focus();
    };
    if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      event.preventDefault();
      close(true);
    } else if (event.key === "ArrowDown") {
      goTo(at + 1);
    } else if (event.key === "ArrowUp") {
      goTo(at - 1);
    } else if (event.key === "Home") {
      goTo(0);
    } else if (event.key === "End") {
      goTo(-1);
    } else if (event.key.length === 1 && !event.nativeEvent.isComposing) {
      const wanted = event.key.toLowerCase();
      const next = [...options.slice(at + 1), ...options.slice(0, at + 1)].find((one) =>
        one.textContent?.trim().toLowerCase().startsWith(wanted),
      );
      next?.focus();
    }
  };

  return (
    // It only listens for the focus leaving; what it holds is a button and its menu.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={styles.root}
      onBlur={(event) => {
        if (shown && !event.currentTarget.contains(event.relatedTarget)) {
          close(false);
        }
      }}
    >
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        className={clsx(styles.trigger, className)}
        onClick={() => setOpen(!shown)}
      >
        {children}
      </button>
      {shown && (
        <div
          ref={list}
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className={clsx(styles.list, align === "end" && styles.end)}
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            // Only a menuitemradio is given a checked state.
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: see above
            <button
              key={item.key}
              type="button"
              role={item.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.checked}
              tabIndex={-1}
              className={styles.item}
              onClick={() => {
                close(true);
                item.onSelect();
              }}
            >
              <span className={styles.label}>{item.label}</span>
              {item.hint !== undefined && <span className={styles.hint}>{item.hint}</span>}
              {item.checked && <Check size={14} aria-hidden />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
