import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import {
  forwardRef,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import styles from "./field.module.css";

interface FieldParts {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
}

function Frame({ id, label, help, error, children }: FieldParts & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <div className={clsx(styles.box, error !== undefined && styles.invalid)}>
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
        {children}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          {error}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
    </div>
  );
}

function described(id: string, help: ReactNode, error: string | undefined): string | undefined {
  const ids = [error !== undefined && `${id}-error`, help !== undefined && `${id}-help`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

/** A one-line field with its label inside, as the Dashboard's forms have it. */
export const TextField = forwardRef<HTMLInputElement, FieldParts & InputHTMLAttributes<HTMLInputElement>>(
  function TextField({ label, help, error, className, ...rest }, ref) {
    const id = useId();
    return (
      <Frame id={id} label={label} help={help} error={error}>
        <input
          {...rest}
          ref={ref}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={described(id, help, error)}
          className={clsx(styles.control, className)}
        />
      </Frame>
    );
  },
);

export const TextArea = forwardRef<
  HTMLTextAreaElement,
  FieldParts & TextareaHTMLAttributes<HTMLTextAreaElement>
>(function TextArea({ label, help, error, className, ...rest }, ref) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error}>
      <textarea
        rows={3}
        {...rest}
        ref={ref}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, help, error)}
        className={clsx(styles.control, styles.area, className)}
      />
    </Frame>
  );
});

export const SelectField = forwardRef<
  HTMLSelectElement,
  FieldParts & SelectHTMLAttributes<HTMLSelectElement>
>(function SelectField({ label, help, error, className, children, ...rest }, ref) {
  const id = useId();
  return (
    <Frame id={id} label={label} help={help} error={error}>
      <select
        {...rest}
        ref={ref}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={described(id, help, error)}
        className={clsx(styles.control, styles.select, className)}
      >
        {children}
      </select>
      <ChevronDown size={16} aria-hidden className={styles.chevron} />
    </Frame>
  );
});

/** A box to tick, or one of several to choose, with an explanation under it. */
export const Choice = forwardRef<HTMLInputElement, FieldParts & InputHTMLAttributes<HTMLInputElement>>(
  function Choice({ label, help, error, type = "checkbox", className, ...rest }, ref) {
    const id = useId();
    return (
      <div className={clsx(styles.choice, rest.disabled && styles.off, className)}>
        <input {...rest} ref={ref} id={id} type={type} aria-describedby={described(id, help, error)} />
        <div>
          <label htmlFor={id}>{label}</label>
          {help !== undefined && (
            <p id={`${id}-help`} className={styles.help}>
              {help}
            </p>
          )}
        </div>
      </div>
    );
  },
);
