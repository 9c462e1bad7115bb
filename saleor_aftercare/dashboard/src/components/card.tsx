import clsx from "clsx";
import type { ReactNode } from "react";
import styles from "./card.module.css";

interface CardProps {
  /** Shown as the card's heading; the card is a region of that name. */
  title: ReactNode;
  label: string;
  aside?: ReactNode;
  muted?: boolean;
  id?: string;
  children: ReactNode;
}

export function Card({ title, label, aside, muted = false, id, children }: CardProps) {
  return (
    <section
      id={id}
      tabIndex={-1}
      data-card=""
      aria-label={label}
      className={clsx(styles.card, muted && styles.muted)}
    >
      <header className={styles.header}>
        <h3 className={styles.title}>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** A large section of a detail page: heading above, content in a bordered box. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className={styles.section}>
      <header className={styles.sectionHeader}>
        <h2 className={styles.sectionTitle}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}

export function Muted({ children }: { children: ReactNode }) {
  return <p className={styles.text}>{children}</p>;
}

/** The dashed box that says there is nothing, and what to do about it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}
