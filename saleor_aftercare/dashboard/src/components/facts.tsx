import type { ReactNode } from "react";
import styles from "./facts.module.css";

/** Label and value, line by line. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A bordered box for the content of a section. */
export function Box({ muted = false, children }: { muted?: boolean; children: ReactNode }) {
  return <div className={muted ? `${styles.box} ${styles.muted}` : styles.box}>{children}</div>;
}
