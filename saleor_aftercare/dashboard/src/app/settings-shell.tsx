import clsx from "clsx";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useOpen } from "@/lib/access";
import { useT } from "@/lib/intl";
import { SETTINGS } from "./places";
import styles from "./settings-shell.module.css";

/** The pages of the settings that the person may open beside the list of them; where there is no room, the list stands on the first one. */
export function SettingsShell({ children }: { children: ReactNode }) {
  const t = useT();
  const [path] = useLocation();
  const open = useOpen();
  const sections = SETTINGS.map(({ label, places }) => ({
    label,
    places: places.filter(({ href }) => open(href)),
  })).filter(({ places }) => places.length > 0);
  return (
    <div className={clsx(styles.shell, path === sections[0]?.places[0]?.href && styles.first)}>
      <nav className={styles.nav} aria-label={t("settings.title")}>
        {sections.map(({ label, places }) => (
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
