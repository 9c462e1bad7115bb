import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { TextArea } from "@/components/field";
import { ChannelSignaturePreviewDocument } from "@/gql/channels";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import styles from "./channels.module.css";

interface SignatureProps {
  language: "en" | "ja";
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

/** What stands under letters in one language, and how its reader will see it. */
export function Signature({ language, text, error, onChange }: SignatureProps) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.fields}>
      <TextArea
        lang={language}
        label={t(`channels.language.${language}`)}
        value={text}
        error={error}
        maxLength={2000}
        onChange={(event) => onChange(event.target.value)}
      />
      {text.trim() !== "" && (
        <div>
          <Button variant="tertiary" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t("channels.signature.preview")}
          </Button>
          {shown && <Preview text={text} language={language} />}
        </div>
      )}
    </div>
  );
}

function Preview({ text, language }: { text: string; language: string }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: ["channel-signature", text],
    queryFn: ({ signal }) => execute(ChannelSignaturePreviewDocument, { text }, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  if (error) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  return (
    <section className={styles.preview} aria-label={t("channels.signature.preview")} lang={language}>
      {data ? (
        <div
          // The server renders the Markdown and sanitises it; nothing else may be put here.
          // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
          dangerouslySetInnerHTML={{ __html: data.channelSignaturePreview }}
        />
      ) : (
        <Skeleton rows={2} height={16} />
      )}
    </section>
  );
}
