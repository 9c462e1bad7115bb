import { useMutation, useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { TextArea, TextField } from "@/components/field";
import { ApologyLetterDocument, ApologyLetterPrintDocument } from "@/gql/exchange";
import type { ApologyLetterQuery } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";

interface LetterDialogProps {
  replacementId: string;
  onClose: () => void;
}

/** The letter that goes with a replacement: read, changed for this customer, printed. */
export function LetterDialog({ replacementId, onClose }: LetterDialogProps) {
  const t = useT();
  const formId = useId();
  const explain = useExplain();
  const { data, error, refetch } = useQuery({
    queryKey: ["apology-letter", replacementId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await execute(ApologyLetterDocument, { replacementId }, signal)).apologyLetter,
  });
  const print = useMutation({
    mutationFn: async (letter: Letter) =>
      accepted((await execute(ApologyLetterPrintDocument, { replacementId, ...letter })).apologyLetterPrint)
        .file,
    onSuccess: async (file) => {
      if (file) {
        await openInNewTab(file.url);
      }
      onClose();
    },
  });
  return (
    <Dialog
      title={t("letter.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            icon={<Printer size={14} aria-hidden />}
            disabled={!data}
            busy={print.isPending}
          >
            {t("letter.print")}
          </Button>
        </>
      }
    >
      <Muted>{t("letter.about")}</Muted>
      {data ? (
        <LetterForm
          id={formId}
          letter={data}
          onPrint={(letter) => !print.isPending && print.mutate(letter)}
        />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={32} />
      )}
      {print.error && <Problem>{explain(print.error)}</Problem>}
    </Dialog>
  );
}

type Letter = Pick<ApologyLetterQuery["apologyLetter"], "subject" | "body" | "signature">;

function LetterForm({
  id,
  letter,
  onPrint,
}: {
  id: string;
  letter: Letter;
  onPrint: (letter: Letter) => void;
}) {
  const t = useT();
  const [subject, setSubject] = useState(letter.subject);
  const [body, setBody] = useState(letter.body);
  const [signature, setSignature] = useState(letter.signature);
  return (
    <form
      id={id}
      onSubmit={(event) => {
        event.preventDefault();
        onPrint({ subject, body, signature });
      }}
    >
      <TextField
        label={t("words.subject")}
        maxLength={160}
        value={subject}
        onChange={(event) => setSubject(event.target.value)}
      />
      <TextArea
        label={t("words.body")}
        rows={14}
        maxLength={6000}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
      <TextArea
        label={t("words.signature")}
        rows={2}
        maxLength={300}
        value={signature}
        onChange={(event) => setSignature(event.target.value)}
      />
    </form>
  );
}
