import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useT } from "@/lib/intl";
import { IconButton } from "./button";
import styles from "./dialog.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  /** Slides in from the right edge instead of standing in the middle. */
  side?: boolean;
}

/**
 * A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, gives it back, closes
 * on Escape, and needs no injected style sheet, which the Content-Security-Policy would refuse.
 */
export function Dialog({ title, onClose, children, footer, side = false }: DialogProps) {
  const t = useT();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    // The browser would choose the first control, which is the one that closes.
    dialog
      ?.querySelector<HTMLElement>("[data-autofocus], [data-body] :is(input, textarea, select):enabled")
      ?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      className={side ? styles.side : styles.dialog}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
        }
      }}
    >
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <IconButton label={t("common.close")} icon={<X size={16} />} onClick={onClose} />
      </header>
      <div className={styles.body} data-body="">
        {children}
      </div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </dialog>
  );
}
