import clsx from "clsx";
import type { ReactNode } from "react";
import styles from "./pill.module.css";

export type Tone = "neutral" | "error" | "attention" | "warning" | "success" | "info";

/** A status, said by text and icon; the colour only repeats it. */
export function Pill({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={clsx(styles.pill, styles[tone])}>
      {icon}
      {children}
    </span>
  );
}
