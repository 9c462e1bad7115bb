import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, CalendarClock, ChevronRight, Plus } from "lucide-react";
import { Link } from "wouter";
import { Button, IconButton } from "@/components/button";
import { Empty, Section } from "@/components/card";
import { Box } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { SlaPoliciesOrderDocument } from "@/gql/service-levels";
import type { CalendarPartsFragment, SlaPolicyPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useServiceLevels } from "./data";
import styles from "./service-levels.module.css";
import { useTargetText } from "./words";

const HERE = "/settings/service-levels";

/** What the shop promises, and when it works. */
export function ServiceLevelsPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const { data, error, refetch } = useServiceLevels();
  const add = (what: string, label: string) =>
    mayChange && (
      <Button icon={<Plus size={16} aria-hidden />} onClick={() => navigate(`${HERE}/${what}/new`)}>
        {label}
      </Button>
    );
  return (
    <Page
      title={t("sla.title")}
      subtitle={t("sla.help")}
      back={{ href: "/settings", label: t("settings.title") }}
    >
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {data ? (
        <div className={styles.sections}>
          <Section title={t("sla.policies")} aside={add("policies", t("sla.policy.add"))}>
            <Policies policies={data.slaPolicies} mayChange={mayChange} />
            <Box muted>
              <p>{t("sla.default", { hours: data.settings.answerWithinHours })}</p>
              <Link href="/settings">{t("sla.default.change")}</Link>
            </Box>
          </Section>
          <Section title={t("sla.calendars")} aside={add("calendars", t("sla.calendar.add"))}>
            {data.businessCalendars.length === 0 ? (
              <Empty>{t("sla.calendars.none")}</Empty>
            ) : (
              <ul className={styles.rows}>
                {data.businessCalendars.map((calendar) => (
                  <CalendarRow key={calendar.id} calendar={calendar} />
                ))}
              </ul>
            )}
          </Section>
        </div>
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={56} />
      )}
    </Page>
  );
}

function Policies({ policies, mayChange }: { policies: SlaPolicyPartsFragment[]; mayChange: boolean }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const targetText = useTargetText();
  const order = useMutation({
    mutationFn: async (ids: string[]) =>
      accepted((await execute(SlaPoliciesOrderDocument, { ids })).slaPoliciesOrder),
    onSettled: () => client.invalidateQueries({ queryKey: keys.serviceLevels }),
  });
  const swap = (index: number, by: number) => {
    const ids = policies.map((one) => one.id);
    const [moved] = ids.splice(index, 1);
    if (moved !== undefined) {
      ids.splice(index + by, 0, moved);
      order.mutate(ids);
    }
  };
  if (policies.length === 0) {
    return <Empty>{t("sla.policies.none")}</Empty>;
  }
  return (
    <>
      <ol className={styles.rows}>
        {policies.map((policy, index) => (
          <li key={policy.id} className={styles.row}>
            <Link href={`${HERE}/policies/${encodeURIComponent(policy.id)}`} className={styles.link}>
              <span className={styles.names}>
                <span className={styles.name}>{policy.name}</span>
                <span className={styles.detail}>
                  {policy.targets.length === 0
                    ? t("sla.policy.promisesNothing")
                    : policy.targets.map(targetText).join(" · ")}
                </span>
              </span>
              <ChevronRight size={16} aria-hidden />
            </Link>
            {mayChange && policies.length > 1 && (
              <span className={styles.order}>
                <IconButton
                  label={t("sla.policy.earlier", { name: policy.name })}
                  icon={<ArrowUp size={16} />}
                  disabled={index === 0 || order.isPending}
                  onClick={() => swap(index, -1)}
                />
                <IconButton
                  label={t("sla.policy.later", { name: policy.name })}
                  icon={<ArrowDown size={16} />}
                  disabled={index === policies.length - 1 || order.isPending}
                  onClick={() => swap(index, 1)}
                />
              </span>
            )}
          </li>
        ))}
      </ol>
      {order.error && <Problem>{explain(order.error)}</Problem>}
    </>
  );
}

function CalendarRow({ calendar }: { calendar: CalendarPartsFragment }) {
  const t = useT();
  return (
    <li className={styles.row}>
      <Link href={`${HERE}/calendars/${encodeURIComponent(calendar.id)}`} className={styles.link}>
        <CalendarClock size={16} aria-hidden />
        <span className={styles.names}>
          <span className={styles.name}>
            {calendar.name}
            {calendar.isDefault && <Pill tone="info">{t("sla.calendar.own")}</Pill>}
          </span>
          <span className={styles.detail}>{calendar.timeZone}</span>
        </span>
        <ChevronRight size={16} aria-hidden />
      </Link>
    </li>
  );
}
