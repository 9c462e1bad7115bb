import clsx from "clsx";
import { Check } from "lucide-react";
import type { MouseEvent } from "react";
import { useT } from "@/lib/intl";
import styles from "./bulk-check.module.css";
import { toggle } from "./bulk-selection";

/** The mark of a row that it is chosen. The pointer sets it here; keys do by `x`, for the list holds the focus. */
export function RowCheck({ id, chosen }: { id: string; chosen: boolean }) {
  const t = useT();
  const onClick = (event: MouseEvent) => {
    event.stopPropagation();
    toggle(id);
  };
  return (
    <>
      <span className={clsx(styles.check, chosen && styles.chosen)} aria-hidden data-check onClick={onClick}>
        {chosen && <Check size={12} aria-hidden />}
      </span>
      {chosen && <span className="visually-hidden">{t("inbox.bulk.isChosen")}</span>}
    </>
  );
}
