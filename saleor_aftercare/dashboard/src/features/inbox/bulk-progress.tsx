import { X } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/components/button";
import type { BulkPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { isUnderWay, useBulkStop, useBulkUndo, useDismissBulk } from "./bulk";
import styles from "./bulk-bar.module.css";
import { PlanDialog } from "./list-parts";

/** How far the last action is; when it is done, how it went, and the way back. A plan is shown as it is ready. */
export function BulkProgress({ bulk }: { bulk: BulkPartsFragment }) {
  const t = useT();
  const stop = useBulkStop();
  const undo = useBulkUndo();
  const dismiss = useDismissBulk();
  const [looking, setLooking] = useState(false);
  const before = useRef(bulk.state);
  useEffect(() => {
    // Whoever waited for the plan sees it at once; one that was left behind waits to be opened.
    if (before.current === "PLANNING" && bulk.state === "PLANNED") {
      setLooking(true);
    }
    before.current = bulk.state;
  }, [bulk.state]);
  const values = { done: bulk.done, total: bulk.total, changed: bulk.changed, failed: bulk.failed };
  const isPlanned = bulk.state === "PLANNED";
  const tellsProblems = bulk.failed > 0 && !isUnderWay(bulk) && !isPlanned;
  return (
    <section className={styles.progress} aria-label={t("inbox.bulk.progress")}>
      {isUnderWay(bulk) && (
        <progress
          className={styles.meter}
          max={bulk.total}
          value={bulk.done}
          aria-label={t("inbox.bulk.progress")}
        />
      )}
      <p role="status" className={styles.said}>
        {t(`inbox.bulk.state.${bulk.state}`, values)}
        {tellsProblems && <> {t("inbox.bulk.problems", values)}</>}
      </p>
      {isPlanned && <Button onClick={() => setLooking(true)}>{t("inbox.bulk.look")}</Button>}
      {bulk.mayStop && (
        <Button busy={stop.isPending} onClick={() => stop.mutate(bulk.id)}>
          {t(isPlanned ? "inbox.bulk.discard" : "inbox.bulk.stop")}
        </Button>
      )}
      {bulk.mayUndo && (
        <Button busy={undo.isPending} onClick={() => undo.mutate(bulk.id)}>
          {t("inbox.bulk.undo")}
        </Button>
      )}
      {!isUnderWay(bulk) && !isPlanned && (
        <IconButton label={t("common.close")} icon={<X size={16} aria-hidden />} onClick={dismiss} />
      )}
      {tellsProblems && (
        <details className={styles.problems}>
          <summary>{t("inbox.bulk.why")}</summary>
          <ul>
            {bulk.problems.map(({ number, message }) => (
              <li key={number}>
                #{number}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
      {looking && isPlanned && (
        <Suspense fallback={null}>
          <PlanDialog id={bulk.id} onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </section>
  );
}
