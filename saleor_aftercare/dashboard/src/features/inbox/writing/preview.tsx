import { useQuery } from "@tanstack/react-query";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { WritingPreviewDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import styles from "./preview.module.css";

/** What is written as its reader will see it. */
export function Preview({ ticketId, body, language }: { ticketId: string; body: string; language: string }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: ["preview", ticketId, body],
    queryFn: ({ signal }) => execute(WritingPreviewDocument, { ticketId, body }, signal),
  });
  if (error) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  return (
    <section className={styles.preview} aria-label={t("composer.preview")} lang={language}>
      {data ? (
        <div
          // The server renders the Markdown and sanitises it; nothing else may be put here.
          // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
          dangerouslySetInnerHTML={{ __html: data.replyPreview }}
        />
      ) : (
        <Skeleton rows={2} height={16} />
      )}
    </section>
  );
}
