import { CircleAlert, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { GraphQLFailure, ServiceUnavailable } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { Button } from "./button";
import styles from "./feedback.module.css";

/** Says in place what failed, with a way to try again. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT();
  const requestId =
    error instanceof GraphQLFailure || error instanceof ServiceUnavailable ? error.requestId : undefined;
  const denied = error instanceof GraphQLFailure && error.code === "PERMISSION_DENIED";
  return (
    <div role="alert" className={styles.notice}>
      <CircleAlert size={16} aria-hidden />
      <div className={styles.text}>
        <p>{denied ? t("error.denied") : t("error.loading")}</p>
        {error instanceof GraphQLFailure && !denied && <p className={styles.detail}>{error.message}</p>}
        {requestId !== undefined && <p className={styles.detail}>{t("error.request", { id: requestId })}</p>}
        {onRetry && !denied && <Button onClick={onRetry}>{t("common.retry")}</Button>}
      </div>
    </div>
  );
}

/** One sentence under a form or card that could not do what was asked. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className={styles.problem}>
      <CircleAlert size={14} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** Something to know before going on. */
export function Warning({ children }: { children: ReactNode }) {
  return (
    <div className={styles.warning}>
      <TriangleAlert size={16} aria-hidden />
      <div className={styles.text}>{children}</div>
    </div>
  );
}

/** True once `wait` ms have passed: quick answers show no skeleton at all. */
export function useDelay(wait = 150): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setOver(true), wait);
    return () => window.clearTimeout(timer);
  }, [wait]);
  return over;
}

/** Grey lines of the height of what is coming. */
export function Skeleton({ rows = 3, height = 20 }: { rows?: number; height?: number }) {
  const shown = useDelay();
  const t = useT();
  return (
    <div className={styles.skeleton} role="status" aria-label={t("common.loading")}>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          // Rows of a placeholder have no identity but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={index} className={styles.bar} style={{ height }} />
        ))}
    </div>
  );
}
