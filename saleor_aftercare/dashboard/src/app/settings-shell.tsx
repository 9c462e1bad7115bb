import clsx from "clsx";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useT } from "@/lib/intl";
import { SETTINGS } from "./places";
import styles from "./settings-shell.module.css";

/** The pages of the settings beside the list of them; where there is no room, the list stands on the first one. */
export function SettingsShell({ children }: { children: ReactNode }) {
  const t = useT();
  const [path] = useLocation();
  return (
    <div className={clsx(styles.shell, path === "/settings" && styles.first)}>
      <nav className={styles.nav} aria-label={t("settings.title")}>
        {SETTINGS.map(({ label, places }) => (
          <section key={label} className={styles.section}>
            <h2 className={styles.title}>{t(label)}</h2>
            <ul className={styles.list}>
              {places.map((place) => (
                <li key={place.href}>
                  <Link
                    href={place.href}
                    className={styles.item}
                    aria-current={place.href === path ? "page" : undefined}
                  >
                    {t(place.label)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className={styles.page}>{children}</div>
    </div>
  );
}
