import { type ReactNode, useEffect, useState } from "react";
import { isFramed, useBridgeState } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import styles from "./gate.module.css";

const PATIENCE_MS = 5_000;

/** Lets the app in once the Dashboard has vouched for the person; says so when it does not. */
export function Gate({ children }: { children: ReactNode }) {
  const t = useT();
  const ready = useBridgeState((state) => state.ready);
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    if (!ready) {
      const timer = window.setTimeout(() => setSilent(true), PATIENCE_MS);
      return () => window.clearTimeout(timer);
    }
    // Keys reach us only when the frame has the focus; a full page may take it.
    window.focus();
  }, [ready]);

  if (ready) {
    return <div className={styles.app}>{children}</div>;
  }
  if (!isFramed()) {
    return <Message title={t("gate.outside.title")} text={t("gate.outside.text")} />;
  }
  if (silent) {
    return <Message title={t("gate.silent.title")} text={t("gate.silent.text")} />;
  }
  return <div className={styles.waiting} aria-busy="true" />;
}

function Message({ title, text }: { title: string; text: string }) {
  return (
    <div className={styles.message}>
      <h1>{title}</h1>
      <p>{text}</p>
    </div>
  );
}
