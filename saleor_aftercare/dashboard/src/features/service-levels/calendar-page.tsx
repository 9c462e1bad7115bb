import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import { CalendarDeleteDocument, CalendarSaveDocument } from "@/gql/service-levels";
import type { CalendarPartsFragment, ServiceLevelsQuery } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useServiceLevels } from "./data";
import { ClosureList, OpeningList } from "./dates";
import { HolidayFields } from "./holiday-fields";
import { type CalendarValues, calendarInput, calendarValues, newCalendar } from "./values";
import { WeekFields } from "./week-fields";

const LIST = "/settings/service-levels";
const ZONES = Intl.supportedValuesOf("timeZone");

/** One calendar, or a new one: hours, holidays, and what differs from them. */
export function CalendarPage({ id }: { id: string | undefined }) {
  const t = useT();
  const { data, error, refetch } = useServiceLevels();
  const back = { href: LIST, label: t("sla.title") };
  if (!data) {
    return (
      <Page title={t("sla.calendar")} back={back}>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={8} height={48} />
        )}
      </Page>
    );
  }
  const calendar = data.businessCalendars.find((one) => one.id === id);
  if (id !== undefined && calendar === undefined) {
    return (
      <Page title={t("sla.calendar")} back={back}>
        <Empty>{t("sla.calendar.gone")}</Empty>
      </Page>
    );
  }
  return <Editor key={calendar?.version ?? 0} levels={data} calendar={calendar} />;
}

function Editor({
  levels,
  calendar,
}: {
  levels: ServiceLevelsQuery;
  calendar: CalendarPartsFragment | undefined;
}) {
  const t = useT();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const [values, setValues] = useState<CalendarValues>(() =>
    calendar ? calendarValues(calendar) : newCalendar(levels.settings.timeZone, t("sla.calendar.usual")),
  );
  const [saved, setSaved] = useState(values);
  const dirty = values !== saved;
  const set = (change: Partial<CalendarValues>) => setValues((now) => ({ ...now, ...change }));
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.serviceLevels });
    notify("success", t("settings.saved"));
  };
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(CalendarSaveDocument, {
            id: calendar?.id ?? null,
            input: calendarInput(values, calendar?.version),
          })
        ).businessCalendarSave,
      ),
    onSuccess: async () => {
      setSaved(values);
      await done();
      if (calendar === undefined) {
        navigate(LIST);
      }
    },
  });
  const remove = useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(CalendarDeleteDocument, { id })).businessCalendarDelete),
    onSuccess: async () => {
      await done();
      navigate(LIST);
    },
  });

  return (
    <Page
      title={calendar?.name ?? t("sla.calendar.new")}
      back={{ href: LIST, label: t("sla.title") }}
      actions={
        calendar &&
        mayChange && (
          <Button
            icon={<Trash2 size={16} aria-hidden />}
            busy={remove.isPending}
            onClick={() => remove.mutate(calendar.id)}
          >
            {t("sla.calendar.remove")}
          </Button>
        )
      }
    >
      <SettingsForm
        mayChange={mayChange}
        onSubmit={() => save.mutate()}
        bar={
          <SaveBar
            dirty={dirty || calendar === undefined || remove.isError}
            busy={save.isPending}
            error={save.error ?? remove.error}
            onDiscard={() => {
              remove.reset();
              setValues(saved);
            }}
          />
        }
      >
        <Block title={t("sla.calendar")} help={t("sla.calendar.help")}>
          <TextField
            label={t("sla.name")}
            maxLength={100}
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <TextField
            label={t("sla.timeZone")}
            list="sla-time-zones"
            value={values.timeZone}
            onChange={(event) => set({ timeZone: event.target.value })}
          />
          <datalist id="sla-time-zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <Choice
            label={t("sla.calendar.isOwn")}
            help={t("sla.calendar.isOwnHelp")}
            checked={values.isDefault}
            disabled={calendar?.isDefault ?? false}
            onChange={(event) => set({ isDefault: event.target.checked })}
          />
        </Block>
        <Block title={t("sla.hours")} help={t("sla.hours.help")} stacked>
          <Choice
            label={t("sla.hours.always")}
            checked={values.alwaysOpen}
            onChange={(event) => set({ alwaysOpen: event.target.checked })}
          />
          {!values.alwaysOpen && <WeekFields hours={values.hours} onChange={(hours) => set({ hours })} />}
        </Block>
        <Block title={t("sla.holidays")} help={t("sla.holidays.help")} stacked>
          <HolidayFields values={values} onChange={set} />
        </Block>
        <Block title={t("sla.closures")} help={t("sla.closures.help")} stacked>
          <ClosureList closures={values.closures} onChange={(closures) => set({ closures })} />
        </Block>
        <Block title={t("sla.openings")} help={t("sla.openings.help")} stacked>
          <OpeningList openings={values.openings} onChange={(openings) => set({ openings })} />
        </Block>
      </SettingsForm>
      <ExitGuard dirty={dirty && !save.isSuccess && !remove.isSuccess} />
    </Page>
  );
}
