import { Card, Muted } from "@/components/card";
import { DateTime } from "@/components/time";
import { useT } from "@/lib/intl";

interface Survey {
  score: number | null;
  comment: string;
  answeredAt: string | null;
  sentAt: string;
}

/** What the customer thinks of how they were helped. */
export function SurveyCard({ survey }: { survey: Survey }) {
  const t = useT();
  return (
    <Card label={t("csat.card")} title={t("csat.card")}>
      {survey.score === null ? (
        <Muted>
          {t("csat.waiting")} <DateTime at={survey.sentAt} />
        </Muted>
      ) : (
        <>
          <p>
            <strong>{t("csat.score", { score: survey.score })}</strong>
          </p>
          {survey.comment !== "" && <p>{survey.comment}</p>}
          {survey.answeredAt !== null && (
            <Muted>
              <DateTime at={survey.answeredAt} />
            </Muted>
          )}
        </>
      )}
    </Card>
  );
}
