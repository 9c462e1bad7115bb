import { useState } from "react";
import { useT } from "@/lib/intl";
import styles from "./composer.module.css";
import { addresses } from "./writing/tokens";

/** To whom the answer goes, and who else reads it. */
export function CcField({
  address,
  cc,
  onChange,
}: {
  address: string;
  cc: readonly string[];
  onChange: (cc: string[]) => void;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string>();
  const shown = open || cc.length > 0;
  return (
    <span className={styles.to}>
      <span className={styles.hint}>{address}</span>
      {shown ? (
        <input
          className={styles.cc}
          value={typed ?? cc.join(", ")}
          inputMode="email"
          placeholder={t("composer.ccPlaceholder")}
          aria-label={t("composer.cc")}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => {
            if (typed !== undefined) {
              onChange(addresses(typed));
              setTyped(undefined);
            }
            setOpen(false);
          }}
        />
      ) : (
        address !== "" && (
          <button type="button" className={styles.ccButton} onClick={() => setOpen(true)}>
            {t("composer.cc")}
          </button>
        )
      )}
    </span>
  );
}
