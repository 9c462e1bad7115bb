import { FileText } from "lucide-react";
import { openInNewTab } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./files.module.css";
import { Picture } from "./picture";

interface FileValue {
  id: string;
  name: string;
  sizeBytes: number;
  url: string;
  thumbnailUrl: string | null;
}

/** Attachments as chips; each opens in a new tab of the Dashboard's making. */
export function Files({ files }: { files: readonly FileValue[] }) {
  const t = useT();
  const format = useFormat();
  if (files.length === 0) {
    return null;
  }
  return (
    <ul className={styles.files} aria-label={t("files.title")}>
      {files.map((file) => (
        <li key={file.id}>
          <button
            type="button"
            className={styles.file}
            title={t("files.open", { name: file.name })}
            onClick={() => void openInNewTab(file.url)}
          >
            <Picture url={file.thumbnailUrl} size={40} instead={<FileText size={18} aria-hidden />} />
            <span className={styles.name}>{file.name}</span>
            <span className={styles.size}>{format.bytes(file.sizeBytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
