import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { Empty, Section } from "@/components/card";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Page } from "@/components/page";
import { DateTime } from "@/components/time";
import { SatisfactionDocument } from "@/gql/contacts";
import type { SatisfactionQuery, SurveyFigurePartsFragment, SurveyGrouping } from "@/gql/types";
import { now } from "@/lib/clock";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./contacts.module.css";
import { SurveySettingsForm } from "./survey-settings";
import { useChannelName, useMonthName } from "./words";

const DAY = 86_400_000;
const SPANS = [30, 90, 365] as const;
const GROUPINGS: readonly SurveyGrouping[] = ["MONTH", "MEMBER", "TEAM", "CHANNEL"];
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** What customers think of how they were helped, and whether they are asked. */
export function SatisfactionPage() {
  const t = useT();
  const [days, setDays] = useState<number>(90);
  const [by, setBy] = useState<SurveyGrouping>("MONTH");
  const variables = { firstDay: dayOf(now() - days * DAY), lastDay: dayOf(now() + DAY), by };
  const { data, error, refetch } = useQuery({
    queryKey: keys.satisfaction(variables.firstDay, by),
    queryFn: ({ signal }) => execute(SatisfactionDocument, variables, signal),
  });
  return (
    <Page
      title={t("csat.title")}
      subtitle={t("csat.help")}
      back={{ href: "/settings", label: t("settings.title") }}
    >
      <div className={styles.bar}>
        <SelectField
          label={t("csat.time")}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {SPANS.map((span) => (
            <option key={span} value={span}>
              {t("csat.days", { count: span })}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t("csat.by")}
          value={by}
          onChange={(event) => setBy(event.target.value as SurveyGrouping)}
        >
          {GROUPINGS.map((one) => (
            <option key={one} value={one}>
              {t(`csat.by.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {data ? (
        <Figures data={data} by={by} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={32} />
      )}
      <SurveySettingsForm />
    </Page>
  );
}

function Figures({ data, by }: { data: SatisfactionQuery; by: SurveyGrouping }) {
  const t = useT();
  const format = useFormat();
  const share = useShare();
  const nameOf = useGroupName(by);
  const total = data.total[0];
  if (!total || total.asked === 0) {
    return <Empty>{t("csat.none")}</Empty>;
  }
  return (
    <>
      <Facts>
        <Fact label={t("csat.share")}>{share(total)}</Fact>
        <Fact label={t("csat.answers")}>
          {t("csat.ofAsked", { answers: format.number(total.answers), asked: format.number(total.asked) })}
        </Fact>
      </Facts>
      <Section title={t("csat.figures")}>
        <div className={styles.scroller}>
          <table className={styles.table} aria-label={t("csat.figures")}>
            <thead>
              <tr>
                <th scope="col">{t(`csat.by.${by}`)}</th>
                <th scope="col" className={styles.number}>
                  {t("csat.asked")}
                </th>
                <th scope="col" className={styles.number}>
                  {t("csat.answers")}
                </th>
                <th scope="col" className={styles.number}>
                  {t("csat.share")}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.groups.map((one) => (
                <tr key={one.key ?? ""}>
                  <th scope="row">{nameOf(one)}</th>
                  <td className={styles.number}>{format.number(one.asked)}</td>
                  <td className={styles.number}>{format.number(one.answers)}</td>
                  <td className={styles.number}>{share(one)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className={styles.range}>{t("csat.interval")}</p>
      </Section>
      {data.surveyComments.length > 0 && (
        <Section title={t("csat.comments")}>
          <ul className={styles.comments}>
            {data.surveyComments.map((one) => (
              <li key={one.id} className={styles.comment}>
                <strong>{t("csat.score", { score: one.score ?? 0 })}</strong>
                <p className={styles.words}>{one.comment}</p>
                <p className={styles.range}>
                  {one.member?.name} {one.answeredAt !== null && <DateTime at={one.answeredAt} />}{" "}
                  {one.ticket && (
                    <Link href={`/inbox/tickets/${one.ticket.number}`}>#{one.ticket.number}</Link>
                  )}
                </p>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** "92 % (81–97 %)": the share, and where it lies for sure. */
function useShare(): (figures: SurveyFigurePartsFragment) => string {
  const t = useT();
  const format = useFormat();
  const percent = (value: number) => format.number(Math.round(value * 100));
  return ({ share, low, high }) =>
    share === null || low === null || high === null
      ? "–"
      : t("csat.shareWithRange", { share: percent(share), low: percent(low), high: percent(high) });
}

function useGroupName(by: SurveyGrouping): (figures: SurveyFigurePartsFragment) => string {
  const t = useT();
  const monthName = useMonthName();
  const channelName = useChannelName();
  return ({ key, name }) => {
    if (key === null || key === "") {
      return t("csat.nobody");
    }
    if (by === "MONTH") {
      return monthName(key);
    }
    return by === "CHANNEL" ? channelName(key) : (name ?? t("csat.nobody"));
  };
}
