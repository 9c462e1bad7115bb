import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "./page.module.css";

interface PageProps {
  title: ReactNode;
  /** Left out where there is nothing before this page for the person. */
  back?: { href: string; label: string } | undefined;
  pill?: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

/** A page of its own: one line with the way back, title and actions; below it content and, beside it, an aside. */
export function Page({ title, back, pill, subtitle, actions, aside, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        {back && (
          <Link href={back.href} className={styles.back} aria-label={back.label} title={back.label}>
            <ArrowLeft size={16} aria-hidden />
          </Link>
        )}
        <div className={styles.titles}>
          <div className={styles.titleLine}>
            <h1 className={styles.title}>{title}</h1>
            {pill}
          </div>
          {subtitle !== undefined && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={aside === undefined ? styles.single : styles.columns}>
        <div className={styles.main}>{children}</div>
        {aside !== undefined && <aside className={styles.aside}>{aside}</aside>}
      </div>
    </div>
  );
}
