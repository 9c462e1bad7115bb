import clsx from "clsx";
import { ArrowDownUp, Keyboard, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { IconButton } from "@/components/button";
import type { TicketView, ViewPartsFragment } from "@/gql/types";
import { useOpen } from "@/lib/access";
import { type MessageId, useT } from "@/lib/intl";
import { useViewer } from "@/lib/viewer";
import { useBooted } from "./data";
import { NoticesLink } from "./notices-link";
import { inView, type ListPlace, placePath, VIEWS } from "./place";
import styles from "./views.module.css";

export const viewLabel = (view: TicketView): MessageId => `inbox.view.${view}`;

export function badge(count: number | null | undefined): string {
  if (!count) {
    return "";
  }
  return count >= 100 ? "99+" : String(count);
}

/** Lists of which a shop may have no use: they show up once something is in them. */
const WHEN_USED = new Set<TicketView>(["MENTIONED", "WAITING", "EMAIL", "CHAT", "PHONE", "LINE"]);

/** The lists that every shop has, as far as they are of use here, in the order of the column. */
export function standardViews(views: readonly ViewPartsFragment[], current: TicketView): TicketView[] {
  const counts = new Map(views.map(({ standard, count }) => [standard, count]));
  return VIEWS.filter((view) => !WHEN_USED.has(view) || view === current || (counts.get(view) ?? 0) > 0);
}

/** Whether there is an order that this person may change. */
export const mayArrange = (views: readonly ViewPartsFragment[]): boolean =>
  views.filter(({ isMineToChange }) => isMineToChange).length > 1;

export const isSaved = (view: ViewPartsFragment): boolean => view.standard === null;

/** The pages beside the inbox. */
export const RECORDS = [
  { href: "/inbox/calls", label: "calls.title" },
  { href: "/returns", label: "nav.returns" },
  { href: "/withdrawals", label: "nav.withdrawals" },
  { href: "/repairs", label: "nav.repairs" },
  { href: "/parts", label: "nav.parts" },
  { href: "/receiving", label: "receiving.title" },
  { href: "/packing", label: "nav.packing" },
  { href: "/inbox/mails", label: "mails.nav" },
  { href: "/settings", label: "nav.settings" },
] as const satisfies { href: string; label: MessageId }[];

interface ViewsProps {
  place: ListPlace;
  views: readonly ViewPartsFragment[];
  onChoose: (place: ListPlace) => void;
  onHelp: () => void;
  onArrange: () => void;
}

export function Views({ place, views, onChoose, onHelp, onArrange }: ViewsProps) {
  const t = useT();
  const viewer = useViewer(useBooted());
  const open = useOpen();
  const counts = new Map(views.map(({ standard, count }) => [standard, count]));
  const saved = views.filter(isSaved);

  const item = (key: string, to: ListPlace, isCurrent: boolean, label: ReactNode, count: ReactNode) => (
    <li key={key}>
      <a
        href={placePath({ ...to, ticket: undefined })}
        aria-current={isCurrent ? "page" : undefined}
        className={styles.item}
        onClick={(event) => {
          event.preventDefault();
          onChoose(to);
        }}
      >
        <span className={styles.name}>{label}</span> {count}
      </a>
    </li>
  );

  return (
    <nav className={styles.views} aria-label={t("inbox.views")}>
      <h2 className={styles.title}>{t("inbox.title")}</h2>
      <ul className={styles.list}>
        {standardViews(views, place.view).map((view) =>
          item(
            view,
            inView(view),
            place.saved === undefined && view === place.view,
            t(viewLabel(view)),
            <span className={clsx(styles.count, view === "OVERDUE" && styles.late)}>
              {view === "SPAM" ? "" : badge(counts.get(view))}
            </span>,
          ),
        )}
      </ul>
      {saved.length > 0 && (
        <>
          <div className={styles.heading}>
            <h2 className={styles.subtitle}>{t("inbox.saved")}</h2>
            {mayArrange(views) && (
              <IconButton
                label={t("inbox.view.arrange")}
                icon={<ArrowDownUp size={14} aria-hidden />}
                onClick={onArrange}
              />
            )}
          </div>
          <ul className={styles.list}>
            {saved.map((view) =>
              item(
                view.id,
                inView("ALL", view.id),
                place.saved === view.id,
                view.name,
                <span className={styles.count}>{badge(view.count)}</span>,
              ),
            )}
          </ul>
        </>
      )}
      <h2 className={styles.subtitle}>{t("inbox.records")}</h2>
      <ul className={styles.list}>
        {RECORDS.filter(({ href }) => href !== "/settings" && open(href)).map(({ href, label }) => (
          <li key={href}>
            <Link href={href} className={styles.item}>
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
      <footer className={styles.footer}>
        <NoticesLink />
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
