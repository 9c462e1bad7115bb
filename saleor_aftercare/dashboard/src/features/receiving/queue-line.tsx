import { useT } from "@/lib/intl";
import { useQueue } from "./queue";
import styles from "./receiving.module.css";

/** What has not reached the service yet. */
export function Queue() {
  const t = useT();
  const waiting = useQueue();
  return (
    <p role="status" className={styles.queue}>
      {waiting.length > 0 &&
        t("receiving.queue", { count: waiting.length, numbers: waiting.map((one) => one.label).join(", ") })}
    </p>
  );
}
