import { Section } from "@/components/card";
import { ErrorNotice, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { useT } from "@/lib/intl";
import { useMay } from "@/lib/viewer";
import { useMarkSettings } from "./data";
import { Fields } from "./fields";
import { Tags } from "./tags";

/** The words and fields that a shop marks its conversations with. */
export function MarksPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_SETTINGS");
  const { data, error, refetch } = useMarkSettings();
  return (
    <Page title={t("marks.title")} subtitle={t("marks.help")}>
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {data ? (
        <>
          <Section title={t("marks.tags")}>
            <Tags uses={data.tagUses} mayChange={mayChange} />
          </Section>
          <Section title={t("marks.fields")}>
            <Fields fields={data.ticketFieldDefinitions} mayChange={mayChange} />
          </Section>
        </>
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={40} />
      )}
    </Page>
  );
}
