import clsx from "clsx";
import { Bell } from "lucide-react";
import { Link } from "wouter";
import { useCached } from "@/lib/cached";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import styles from "./views.module.css";

const MOST = 100;

/** The way to what the person was told; the poll brings how much of it is new. */
export function NoticesLink() {
  const t = useT();
  const count = useCached<number>(keys.noticeCount) ?? 0;
  return (
    <Link
      href="/notices"
      className={styles.item}
      aria-label={count > 0 ? `${t("notices.title")}: ${t("notices.unread", { count })}` : undefined}
    >
      <span>{t("notices.title")}</span>
      {count > 0 ? (
        <span className={clsx(styles.count, styles.late)}>{count >= MOST ? "99+" : count}</span>
      ) : (
        <Bell size={14} aria-hidden />
      )}
    </Link>
  );
}
