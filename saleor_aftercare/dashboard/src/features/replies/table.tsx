import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextField } from "@/components/field";
import { RepliesCannedExportDocument, RepliesCannedImportDocument } from "@/gql/replies";
import type { RepliesCannedImportMutation } from "@/gql/types";
import { notify, openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useViewer } from "@/lib/viewer";
import styles from "./replies.module.css";

type Brought = NonNullable<RepliesCannedImportMutation["cannedRepliesImport"]>;

const bring = async (file: File, dryRun: boolean) =>
  accepted((await execute(RepliesCannedImportDocument, { file, dryRun })).cannedRepliesImport);

/** Taking all canned replies out as a table, and bringing a table in. */
export function TableButtons() {
  const t = useT();
  const explain = useExplain();
  const takesOut = useViewer()?.rooms.includes("OFFICE") ?? false;
  const [bringing, setBringing] = useState(false);
  const take = useMutation({
    mutationFn: async () => accepted((await execute(RepliesCannedExportDocument, {})).cannedRepliesExport),
    onSuccess: ({ url }) => {
      if (url) {
        void openInNewTab(url);
      }
    },
    onError: (error) => notify("error", t("replies.table.failed"), explain(error)),
  });
  return (
    <>
      {takesOut && (
        <Button icon={<Download size={14} aria-hidden />} busy={take.isPending} onClick={() => take.mutate()}>
          {t("replies.table.export")}
        </Button>
      )}
      <Button icon={<Upload size={14} aria-hidden />} onClick={() => setBringing(true)}>
        {t("replies.table.import")}
      </Button>
      {bringing && <BringDialog onClose={() => setBringing(false)} />}
    </>
  );
}

/** A table is looked at first: nothing is written before somebody has seen what would come of it. */
function BringDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const look = useMutation({ mutationFn: (file: File) => bring(file, true) });
  const write = useMutation({
    mutationFn: (file: File) => bring(file, false),
    onSuccess: async (done) => {
      notify("success", t("replies.table.done", { count: (done.added ?? 0) + (done.changed ?? 0) }));
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ["canned", "canned-book"].includes(String(queryKey[0])),
      });
      onClose();
    },
  });
  const seen = look.data;
  const brings = (seen?.added ?? 0) + (seen?.changed ?? 0);
  const possible = seen !== undefined && seen.problems?.length === 0 && brings > 0;
  const failed = look.error ?? write.error;
  return (
    <Dialog
      title={t("replies.table.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            disabled={!possible}
            busy={write.isPending}
            onClick={() => look.variables && write.mutate(look.variables)}
          >
            {t("replies.table.bring", { count: brings })}
          </Button>
        </>
      }
    >
      <p>{t("replies.table.help")}</p>
      <TextField
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        label={t("replies.table.file")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          write.reset();
          if (file) {
            look.mutate(file);
          } else {
            look.reset();
          }
        }}
      />
      <div aria-live="polite">
        {seen && <Seen seen={seen} />}
        {failed && <Problem>{explain(failed)}</Problem>}
      </div>
    </Dialog>
  );
}

function Seen({ seen }: { seen: Brought }) {
  const t = useT();
  const problems = seen.problems ?? [];
  return (
    <>
      <p>
        {t("replies.table.counts", {
          added: seen.added ?? 0,
          changed: seen.changed ?? 0,
          unchanged: seen.unchanged ?? 0,
        })}
      </p>
      {problems.length > 0 && (
        <>
          <Problem>{t("replies.table.problems")}</Problem>
          <ul className={styles.problems}>
            {problems.map(({ line, column, message }) => (
              <li key={`${line}:${column}`}>{t("replies.table.problem", { line, column, message })}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
