import { Button } from "@/components/button";
import { useT } from "@/lib/intl";
import type { ListPlace } from "./place";
import styles from "./search-notice.module.css";

interface SearchNoticeProps {
  place: ListPlace;
  /** Of the list; null when the search left out older messages. */
  total: number | null | undefined;
  onThorough: () => void;
}

/** Says that a search for common words went through the newest messages only, and offers to look at all of them. */
export function SearchNotice({ place, total, onThorough }: SearchNoticeProps) {
  const t = useT();
  if (place.search.trim() === "" || place.thorough || total !== null) {
    return null;
  }
  return (
    <div className={styles.notice} role="status">
      <span>{t("inbox.search.newest")}</span>
      <Button variant="tertiary" onClick={onThorough}>
        {t("inbox.search.thorough")}
      </Button>
    </div>
  );
}
