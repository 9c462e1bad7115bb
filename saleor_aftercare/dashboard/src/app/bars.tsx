import { onlineManager, useMutationState } from "@tanstack/react-query";
import { CloudUpload, RefreshCw, WifiOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/button";
import { type Bar, hideBar, showBar, useBars } from "@/lib/bars";
import { onBeforeLeaving } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { loadAnew } from "@/lib/leaving";
import styles from "./bars.module.css";

const ICON: Record<Bar, typeof WifiOff> = {
  session: RefreshCw,
  version: RefreshCw,
  offline: WifiOff,
  unreachable: WifiOff,
};

/** Lines above everything else: session over, new version, no connection, and what waits for one. */
export function Bars() {
  const t = useT();
  const bars = useBars();
  const waiting = useWaiting();
  useEffect(() => {
    const onLine = () => (navigator.onLine ? hideBar("offline") : showBar("offline"));
    window.addEventListener("online", onLine);
    window.addEventListener("offline", onLine);
    onLine();
    return () => {
      window.removeEventListener("online", onLine);
      window.removeEventListener("offline", onLine);
    };
  }, []);
  return (
    <div className={styles.bars} role="status">
      {[...bars].map((bar) => {
        const Icon = ICON[bar];
        return (
          <div key={bar} className={styles.bar}>
            <Icon size={14} aria-hidden />
            {t(`bar.${bar}`)}
            {bar === "version" && <Button onClick={loadAnew}>{t("bar.version.load")}</Button>}
          </div>
        );
      })}
      {waiting > 0 && (
        <div className={styles.bar}>
          <CloudUpload size={14} aria-hidden />
          {t("bar.waiting", { count: waiting })}
        </div>
      )}
    </div>
  );
}

/** How much of what the person did waits for the connection; all of it holds back who would leave the page. */
function useWaiting(): number {
  const count = useMutationState({
    filters: {
      status: "pending",
      predicate: ({ state, meta }) =>
        meta?.silent !== true && (state.failureCount > 0 || (state.isPaused && !onlineManager.isOnline())),
    },
    select: () => 1,
  }).length;
  const latest = useRef(count);
  latest.current = count;
  useEffect(
    () =>
      onBeforeLeaving(async () => {
        if (latest.current > 0) {
          throw new Error("something waits for the connection");
        }
      }),
    [],
  );
  return count;
}
