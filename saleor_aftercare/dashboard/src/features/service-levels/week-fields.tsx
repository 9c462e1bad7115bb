import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/button";
import { useT } from "@/lib/intl";
import styles from "./service-levels.module.css";
import { DAYS, type Day, type HoursValue } from "./values";

/** Any number of stretches on each day of the week. */
export function WeekFields({
  hours,
  onChange,
}: {
  hours: Record<Day, HoursValue[]>;
  onChange: (hours: Record<Day, HoursValue[]>) => void;
}) {
  const t = useT();
  const put = (day: Day, spans: HoursValue[]) => onChange({ ...hours, [day]: spans });
  const monday = hours.mon;
  return (
    <div>
      {DAYS.map((day) => (
        <div key={day} role="group" aria-label={t(`sla.day.${day}`)} className={styles.day}>
          <span className={styles.dayName}>{t(`sla.day.${day}`)}</span>
          <div className={styles.spans}>
            {hours[day].length === 0 && <span className={styles.closed}>{t("sla.hours.closed")}</span>}
            {hours[day].map((span, index) => (
              // Two spans of a day may be the same while somebody types; their place tells them apart.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <div key={index} className={styles.span}>
                <input
                  type="time"
                  className={styles.time}
                  aria-label={t("sla.hours.from")}
                  value={span.start}
                  onChange={(event) =>
                    put(day, replaced(hours[day], index, { ...span, start: event.target.value }))
                  }
                />
                –
                <input
                  type="time"
                  className={styles.time}
                  aria-label={t("sla.hours.to")}
                  value={span.end === "24:00" ? "00:00" : span.end}
                  onChange={(event) =>
                    put(day, replaced(hours[day], index, { ...span, end: endOf(event.target.value) }))
                  }
                />
                {span.end <= span.start && span.end !== "" && <small>{t("sla.hours.nextDay")}</small>}
                <IconButton
                  label={t("sla.hours.remove")}
                  icon={<X size={16} />}
                  onClick={() =>
                    put(
                      day,
                      hours[day].filter((_one, at) => at !== index),
                    )
                  }
                />
              </div>
            ))}
            <div className={styles.span}>
              <Button
                variant="tertiary"
                icon={<Plus size={16} aria-hidden />}
                onClick={() => put(day, [...hours[day], { start: "09:00", end: "17:00" }])}
              >
                {t("sla.hours.add")}
              </Button>
              {day !== "mon" && monday.length > 0 && (
                <Button
                  variant="tertiary"
                  onClick={() =>
                    put(
                      day,
                      monday.map((one) => ({ ...one })),
                    )
                  }
                >
                  {t("sla.hours.likeMonday")}
                </Button>
              )}
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}

/** Midnight at the end of a day is its twenty-fourth hour. */
const endOf = (time: string): string => (time === "00:00" ? "24:00" : time);

function replaced(spans: HoursValue[], index: number, span: HoursValue): HoursValue[] {
  return spans.map((one, at) => (at === index ? span : one));
}
