import { Button as MacawButton } from "@saleor/macaw-ui";
import clsx from "clsx";
import { type ButtonHTMLAttributes, forwardRef, type ReactNode } from "react";
import styles from "./button.module.css";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "color" | "nonce"> {
  variant?: "primary" | "secondary" | "tertiary";
  icon?: ReactNode;
  /** Work is under way: looks pressed, does nothing, keeps the focus. */
  busy?: boolean;
}

/** The Dashboard's button, in the size that dense screens use. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  {
    variant = "secondary",
    icon,
    busy = false,
    className,
    children,
    onClick,
    type = "button",
    disabled,
    ...rest
  },
  ref,
) {
  return (
    <MacawButton
      {...rest}
      ref={ref}
      type={type}
      size="small"
      variant={variant}
      disabled={disabled ?? false}
      aria-busy={busy || undefined}
      className={clsx(styles.button, busy && styles.busy, className)}
      onClick={busy ? undefined : onClick}
    >
      {icon}
      {children}
    </MacawButton>
  );
});

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  icon: ReactNode;
}

/** A square button that shows an icon only; `label` is its name and its tooltip. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, icon, className, type = "button", ...rest },
  ref,
) {
  return (
    <button
      {...rest}
      ref={ref}
      type={type}
      aria-label={label}
      title={label}
      className={clsx(styles.icon, className)}
    >
      {icon}
    </button>
  );
});
