import { LoaderCircle, RotateCw, X } from "lucide-react";
import { useRef, useState } from "react";
import { IconButton } from "@/components/button";
import { Problem } from "@/components/feedback";
import { WritingDetachDocument } from "@/gql/writing";
import { refusalOf } from "@/lib/file-kind";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { draftOf, noteDraft, type Uploading, useDraft } from "../drafts";
import { FILE_LIMIT, FILE_LIMIT_BYTES } from "../writing";
import styles from "./attachments.module.css";
import { cancelUpload, retryUpload, uploadFiles } from "./uploads";

/** What was chosen and could not be taken. */
interface NotTaken {
  files: readonly { name: string; why: "empty" | "large" | "kind" }[];
  tooMany: boolean;
  error?: unknown;
}

const ALL_TAKEN: NotTaken = { files: [], tooMany: false };

/** Files beside an answer: each travels at once, so that sending need not wait for it. */
export function useAttachments(ticketId: string) {
  const [notTaken, setNotTaken] = useState(ALL_TAKEN);

  const add = async (list: FileList | readonly File[] | null) => {
    const judged = await Promise.all(
      [...(list ?? [])].map(async (file) => ({ file, why: await refusalOf(file, FILE_LIMIT_BYTES) })),
    );
    const fitting = judged.filter(({ why }) => why === undefined).map(({ file }) => file);
    const { files, uploading } = draftOf(ticketId, "reply");
    const tooMany = files.length + uploading.length + fitting.length > FILE_LIMIT;
    setNotTaken({
      files: judged.flatMap(({ file, why }) => (why === undefined ? [] : [{ name: file.name, why }])),
      tooMany,
    });
    if (!tooMany) {
      uploadFiles(ticketId, fitting);
    }
  };
  const remove = async (fileId: string) => {
    setNotTaken(ALL_TAKEN);
    try {
      const { ticketDraftDetach } = await execute(WritingDetachDocument, { id: ticketId, fileId });
      const { draft } = accepted(ticketDraftDetach);
      if (draft) {
        noteDraft(ticketId, "reply", { files: draft.attachments, version: draft.version });
      }
    } catch (error) {
      setNotTaken({ ...ALL_TAKEN, error });
    }
  };
  return { add, remove, notTaken };
}

export function Attachments({
  ticketId,
  onRemove,
  notTaken,
}: {
  ticketId: string;
  onRemove: (fileId: string) => void;
  notTaken: NotTaken;
}) {
  const t = useT();
  const format = useFormat();
  const { files, uploading } = useDraft(ticketId, "reply");
  const list = useRef<HTMLUListElement>(null);
  const onTheirWay = uploading.filter(({ state }) => state === "waiting" || state === "sending").length;
  return (
    <>
      {files.length + uploading.length > 0 && (
        <ul ref={list} tabIndex={-1} className={styles.files} aria-label={t("composer.files")}>
          {files.map((file) => (
            <li key={file.id} className={styles.file}>
              <span className={styles.name}>{file.name}</span>
              <span className={styles.size}>{format.bytes(file.sizeBytes)}</span>
              <IconButton
                label={t("composer.removeFile", { name: file.name })}
                icon={<X size={12} />}
                onClick={() => {
                  list.current?.focus();
                  onRemove(file.id);
                }}
              />
            </li>
          ))}
          {uploading.map((upload) => (
            <Travelling
              key={upload.id}
              upload={upload}
              onRetry={() => retryUpload(ticketId, upload.id)}
              onCancel={() => {
                list.current?.focus();
                cancelUpload(ticketId, upload.id);
              }}
            />
          ))}
        </ul>
      )}
      <p role="status" className="visually-hidden">
        {onTheirWay > 0
          ? t("composer.uploadingCount", { count: onTheirWay })
          : files.length > 0 && t("composer.attachedCount", { count: files.length })}
      </p>
      {uploading.some(({ state }) => state === "failed") && (
        <p className={styles.hint}>{t("composer.uploadFirst")}</p>
      )}
      <Problems notTaken={notTaken} />
    </>
  );
}

function Problems({ notTaken: { files, tooMany, error } }: { notTaken: NotTaken }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  if (files.length === 0 && !tooMany && error === undefined) {
    return null;
  }
  const limit = format.bytes(FILE_LIMIT_BYTES);
  return (
    <div className={styles.problems}>
      {files.map(({ name, why }) => (
        <Problem key={name}>
          {why === "large"
            ? t("composer.tooLarge", { name, limit })
            : t(why === "empty" ? "composer.emptyFile" : "composer.wrongKind", { name })}
        </Problem>
      ))}
      {tooMany && <Problem>{t("composer.tooMany", { limit: FILE_LIMIT })}</Problem>}
      {error !== undefined && <Problem>{explain(error)}</Problem>}
    </div>
  );
}

interface TravellingProps {
  upload: Uploading;
  onRetry: () => void;
  onCancel: () => void;
}

/** A file on its way, or one that did not arrive. */
function Travelling({ upload, onRetry, onCancel }: TravellingProps) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const { file, state, share, error } = upload;
  const { name } = file;
  if (state === "failed" || state === "refused") {
    return (
      <li className={styles.failed}>
        <Problem>{t("composer.uploadFailed", { name, why: explain(error) })}</Problem>
        {state === "failed" && (
          <IconButton
            label={t("composer.retryFile", { name })}
            icon={<RotateCw size={12} />}
            onClick={onRetry}
          />
        )}
        <IconButton label={t("composer.removeFile", { name })} icon={<X size={12} />} onClick={onCancel} />
      </li>
    );
  }
  const arrived = share >= 1;
  return (
    <li className={styles.file} aria-busy>
      {arrived ? (
        <LoaderCircle size={12} className={styles.turning} aria-hidden />
      ) : (
        <progress
          className={styles.progress}
          aria-label={t("composer.progressOf", { name })}
          max={1}
          value={share}
        />
      )}
      <span className={styles.name}>{name}</span>
      <span className={styles.size}>
        {state === "waiting"
          ? t("composer.uploadWaiting")
          : arrived
            ? t("composer.checking")
            : format.percent(share)}
      </span>
      {!arrived && (
        <IconButton label={t("composer.cancelFile", { name })} icon={<X size={12} />} onClick={onCancel} />
      )}
    </li>
  );
}
