import clsx from "clsx";
import { Keyboard, Settings } from "lucide-react";
import { Link } from "wouter";
import type { CountPartsFragment, TicketView } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { useViewer } from "@/lib/viewer";
import { useBooted } from "./data";
import { placePath, VIEWS } from "./place";
import styles from "./views.module.css";

export const viewLabel = (view: TicketView): MessageId => `inbox.view.${view}`;

export function countOf(counts: readonly CountPartsFragment[], view: TicketView): string {
  const count = counts.find((one) => one.view === view)?.count;
  if (count === undefined || count === 0) {
    return "";
  }
  return count >= 100 ? "99+" : String(count);
}

/** Numbers are of use where work waits; the archive's would only grow. */
const COUNTED = new Set<TicketView>([
  "ASSIGNED_TO_ME",
  "UNASSIGNED",
  "OVERDUE",
  "OPEN",
  "RETURNS",
  "REPAIRS",
  "PARTS",
  "PENDING",
]);

/** The pages beside the inbox. */
export const RECORDS = [
  { href: "/returns", label: "nav.returns" },
  { href: "/withdrawals", label: "nav.withdrawals" },
  { href: "/repairs", label: "nav.repairs" },
  { href: "/parts", label: "nav.parts" },
  { href: "/receiving", label: "receiving.title" },
  { href: "/packing", label: "nav.packing" },
  { href: "/settings", label: "nav.settings" },
] as const satisfies { href: string; label: MessageId }[];

interface ViewsProps {
  current: TicketView;
  counts: readonly CountPartsFragment[];
  onChoose: (view: TicketView) => void;
  onHelp: () => void;
}

export function Views({ current, counts, onChoose, onHelp }: ViewsProps) {
  const t = useT();
  const viewer = useViewer(useBooted());
  return (
    <nav className={styles.views} aria-label={t("inbox.views")}>
      <h2 className={styles.title}>{t("inbox.title")}</h2>
      <ul className={styles.list}>
        {VIEWS.map((view) => (
          <li key={view}>
            <a
              href={placePath({ view, search: "", ticket: undefined })}
              aria-current={view === current ? "page" : undefined}
              className={styles.item}
              onClick={(event) => {
                event.preventDefault();
                onChoose(view);
              }}
            >
              <span>{t(viewLabel(view))}</span>{" "}
              {COUNTED.has(view) && (
                <span className={clsx(styles.count, view === "OVERDUE" && styles.late)}>
                  {countOf(counts, view)}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <h2 className={styles.subtitle}>{t("inbox.records")}</h2>
      <ul className={styles.list}>
        {RECORDS.filter(({ href }) => href !== "/settings").map(({ href, label }) => (
          <li key={href}>
            <Link href={href} className={styles.item}>
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
      <footer className={styles.footer}>
        <button type="button" className={styles.item} onClick={onHelp}>
          <span>{t("keys.short")}</span>
          <Keyboard size={14} aria-hidden />
        </button>
        <Link href="/settings" className={styles.item}>
          <span>{t("nav.settings")}</span>
          <Settings size={14} aria-hidden />
        </Link>
        <span className={styles.who} title={viewer?.email ?? undefined}>
          {viewer?.email}
        </span>
      </footer>
    </nav>
  );
}
