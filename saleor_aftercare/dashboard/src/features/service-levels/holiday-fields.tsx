import { SelectField } from "@/components/field";
import { Pair } from "@/components/settings";
import { now } from "@/lib/clock";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { useHolidayCountries, useHolidays } from "./data";
import { useRegionNames } from "./region-names";
import styles from "./service-levels.module.css";
import type { CalendarValues } from "./values";

/** Whose public holidays are days off, and which of them are worked all the same. */
export function HolidayFields({
  values,
  onChange,
}: {
  values: CalendarValues;
  onChange: (change: Partial<CalendarValues>) => void;
}) {
  const t = useT();
  const format = useFormat();
  const nameOf = useRegionNames();
  const countries = useHolidayCountries().data ?? [];
  const parts = countries.find((one) => one.code === values.country)?.subdivisions ?? [];
  const year = new Date(now()).getFullYear();
  const days = useHolidays(values.country, values.subdivision, year).data ?? [];
  const isWorked = (name: string) => values.worked.some((one) => one.toLowerCase() === name.toLowerCase());
  return (
    <>
      <Pair>
        <SelectField
          label={t("sla.holidays.country")}
          value={values.country}
          onChange={(event) => onChange({ country: event.target.value, subdivision: "", worked: [] })}
        >
          <option value="">{t("sla.holidays.none")}</option>
          {countries
            .map((one) => ({ code: one.code, name: nameOf(one.code) }))
            .sort((one, other) => one.name.localeCompare(other.name))
            .map((one) => (
              <option key={one.code} value={one.code}>
                {one.name}
              </option>
            ))}
        </SelectField>
        {parts.length > 0 && (
          <SelectField
            label={t("sla.holidays.part")}
            value={values.subdivision}
            onChange={(event) => onChange({ subdivision: event.target.value })}
          >
            <option value="">{t("sla.holidays.whole")}</option>
            {parts.map((part) => (
              <option key={part} value={part}>
                {part}
              </option>
            ))}
          </SelectField>
        )}
      </Pair>
      {days.length > 0 && (
        <fieldset className={styles.ticks}>
          <legend className={styles.legend}>{t("sla.holidays.off", { year: String(year) })}</legend>
          <ul className={styles.holidays}>
            {days.map((day) => (
              <li key={day.date}>
                <label className={styles.tick}>
                  <input
                    type="checkbox"
                    checked={!isWorked(day.name)}
                    onChange={(event) =>
                      onChange({
                        worked: event.target.checked
                          ? values.worked.filter((one) => one.toLowerCase() !== day.name.toLowerCase())
                          : [...values.worked, day.name],
                      })
                    }
                  />
                  <span>
                    {format.date(`${day.date}T12:00:00`)} <span lang="en">{day.name}</span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
    </>
  );
}
