import { LoaderCircle, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/button";
import { Problem } from "@/components/feedback";
import { WritingAttachDocument, WritingDetachDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { draftOf, noteDraft, useDraft } from "../drafts";
import { FILE_LIMIT, FILE_LIMIT_BYTES } from "../writing";
import styles from "./attachments.module.css";

/** Files beside an answer: each travels at once, so that sending need not wait for it. */
export function useAttachments(ticketId: string) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const [problem, setProblem] = useState<string>();

  const add = async (list: FileList | readonly File[] | null) => {
    const files = [...(list ?? [])];
    const large = files.find((file) => file.size > FILE_LIMIT_BYTES);
    setProblem(large && t("composer.tooLarge", { name: large.name, limit: format.bytes(FILE_LIMIT_BYTES) }));
    const fitting = files.filter((file) => file.size <= FILE_LIMIT_BYTES);
    const { files: kept, uploading } = draftOf(ticketId, "reply");
    if (kept.length + uploading.length + fitting.length > FILE_LIMIT) {
      setProblem(t("composer.tooMany", { limit: FILE_LIMIT }));
      return;
    }
    await Promise.all(fitting.map((file) => upload(file)));
  };
  const upload = async (file: File) => {
    const { uploading } = draftOf(ticketId, "reply");
    noteDraft(ticketId, "reply", { uploading: [...uploading, file.name] });
    try {
      const { ticketDraftAttach } = await execute(WritingAttachDocument, { id: ticketId, files: [file] });
      const { draft } = accepted(ticketDraftAttach);
      if (draft) {
        noteDraft(ticketId, "reply", { files: draft.attachments, version: draft.version });
      }
    } catch (error) {
      setProblem(t("composer.uploadFailed", { name: file.name, why: explain(error) }));
    } finally {
      const names = [...draftOf(ticketId, "reply").uploading];
      names.splice(names.indexOf(file.name), 1);
      noteDraft(ticketId, "reply", { uploading: names });
    }
  };
  const remove = async (fileId: string) => {
    try {
      const { ticketDraftDetach } = await execute(WritingDetachDocument, { id: ticketId, fileId });
      const { draft } = accepted(ticketDraftDetach);
      if (draft) {
        noteDraft(ticketId, "reply", { files: draft.attachments, version: draft.version });
      }
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return { add, remove, problem };
}

export function Attachments({
  ticketId,
  onRemove,
  problem,
}: {
  ticketId: string;
  onRemove: (fileId: string) => void;
  problem: string | undefined;
}) {
  const t = useT();
  const format = useFormat();
  const { files, uploading } = useDraft(ticketId, "reply");
  return (
    <>
      {files.length + uploading.length > 0 && (
        <ul className={styles.files} aria-label={t("composer.files")}>
          {files.map((file) => (
            <li key={file.id} className={styles.file}>
              <span className={styles.name}>{file.name}</span>
              <span className={styles.size}>{format.bytes(file.sizeBytes)}</span>
              <IconButton
                label={t("composer.removeFile", { name: file.name })}
                icon={<X size={12} />}
                onClick={() => onRemove(file.id)}
              />
            </li>
          ))}
          {uploading.map((name, at) => (
            // Two files of one name may travel at once.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={`${name}-${at}`} className={styles.file} aria-busy>
              <LoaderCircle size={12} className={styles.turning} aria-hidden />
              <span className={styles.name}>{name}</span>
              <span className={styles.size}>{t("composer.uploading")}</span>
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && <Problem>{problem}</Problem>}
    </>
  );
}
