import { Lock } from "lucide-react";
import { useT } from "@/lib/intl";
import styles from "./composer.module.css";
import type { DraftKind } from "./drafts";

/** Whether the customer is answered, or colleagues are told something. */
export function ComposerTabs({
  kind,
  fieldId,
  onChange,
}: {
  kind: DraftKind;
  fieldId: string;
  onChange: (kind: DraftKind) => void;
}) {
  const t = useT();
  return (
    <div className={styles.tabs} role="tablist" aria-label={t("composer.kind")}>
      {(["reply", "note"] as const).map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={one === kind}
          aria-controls={fieldId}
          className={styles.tab}
          onClick={() => onChange(one)}
        >
          {one === "note" && <Lock size={12} aria-hidden />}
          {t(one === "note" ? "composer.note" : "composer.reply")}
        </button>
      ))}
    </div>
  );
}
