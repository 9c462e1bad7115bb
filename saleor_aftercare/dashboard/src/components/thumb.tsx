import { Package } from "lucide-react";
import { Picture } from "./picture";
import styles from "./thumb.module.css";

/** A product's picture, decorative: its name stands beside it. */
export function Thumb({ url, size = 32 }: { url: string | null | undefined; size?: number }) {
  return (
    <span className={styles.thumb} style={{ width: size, height: size }} aria-hidden>
      <Picture url={url} size={size} instead={<Package size={size / 2} />} />
    </span>
  );
}
