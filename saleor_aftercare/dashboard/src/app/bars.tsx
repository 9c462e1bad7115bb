import { RefreshCw, WifiOff } from "lucide-react";
import { useEffect } from "react";
import { hideBar, showBar, useBars } from "@/lib/bars";
import { useT } from "@/lib/intl";
import styles from "./bars.module.css";

/** Lines above everything else: session over, new version, offline. */
export function Bars() {
  const t = useT();
  const bars = useBars();
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
      {[...bars].map((bar) => (
        <p key={bar} className={styles.bar}>
          {bar === "offline" ? <WifiOff size={14} aria-hidden /> : <RefreshCw size={14} aria-hidden />}
          {t(`bar.${bar}`)}
        </p>
      ))}
    </div>
  );
}
