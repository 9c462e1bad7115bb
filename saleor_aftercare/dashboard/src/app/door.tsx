import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { Page } from "@/components/page";
import { useOffered, useOpen } from "@/lib/access";
import { useFailed } from "@/lib/cached";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { keys } from "@/lib/query-keys";
import { useViewer } from "@/lib/viewer";
import styles from "./door.module.css";
import { ROOTS, SETTINGS } from "./places";

/** Lets people in where their role leads, and tells the others why not and where they may go instead. */
export function Door({ path, children }: { path: string; children: ReactNode }) {
  const open = useOpen();
  const refused = useFailed(keys.boot);
  // The inbox brings the viewer with its first picture, unless it is refused as a whole.
  useViewer(!path.startsWith("/inbox") || refused);
  const isOpen = open(path);
  const instead =
    path === "/settings" && !isOpen
      ? SETTINGS.flatMap(({ places }) => places).find(({ href }) => open(href))?.href
      : undefined;
  useEffect(() => {
    if (instead !== undefined) {
      navigate(instead);
    }
  }, [instead]);
  if (instead !== undefined) {
    return null;
  }
  return isOpen ? children : <Closed />;
}

function Closed() {
  const t = useT();
  const offered = useOffered();
  return (
    <Page title={t("app.closed")}>
      <p>{t("app.closed.text")}</p>
      <nav aria-label={t("app.closed.open")} className={styles.ways}>
        <h2 className={styles.title}>{t("app.closed.open")}</h2>
        <ul className={styles.list}>
          {ROOTS.filter(({ href }) => offered(href)).map(({ href, label }) => (
            <li key={href}>
              <Link href={href}>{t(label)}</Link>
            </li>
          ))}
        </ul>
      </nav>
    </Page>
  );
}
