import type {
  BusinessCalendarInput,
  CalendarPartsFragment,
  SlaPolicyInput,
  SlaPolicyPartsFragment,
  SlaStanding,
  SlaTarget,
} from "@/gql/types";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const TARGETS: readonly SlaTarget[] = ["FIRST_RESPONSE", "NEXT_RESPONSE", "RESOLUTION"];
export const PAUSES: readonly SlaStanding[] = ["PENDING_CUSTOMER", "PENDING_THIRD_PARTY", "ON_HOLD"];
export const CHANNELS = [
  "portal",
  "email",
  "form",
  "chat",
  "phone",
  "line",
  "follow_up",
  "api",
  "staff",
] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Unit = "minutes" | "hours" | "days";
const MINUTES: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };

/** Minutes in the largest unit that holds them without a rest; days of 24 hours. */
export function toSpan(minutes: number): { amount: number; unit: Unit } {
  const unit: Unit =
    minutes % MINUTES.days === 0 ? "days" : minutes % MINUTES.hours === 0 ? "hours" : "minutes";
  return { amount: minutes / MINUTES[unit], unit };
}

export interface HoursValue {
  start: string;
  end: string;
}

export interface ClosureValue {
  first: string;
  last: string;
  start: string;
  end: string;
  name: string;
}

export interface OpeningValue {
  date: string;
  start: string;
  end: string;
  name: string;
}

export interface CalendarValues {
  name: string;
  isDefault: boolean;
  timeZone: string;
  alwaysOpen: boolean;
  hours: Record<Day, HoursValue[]>;
  country: string;
  subdivision: string;
  worked: string[];
  closures: ClosureValue[];
  openings: OpeningValue[];
}

const NO_HOURS: Record<Day, HoursValue[]> = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/** Monday to Friday with an hour's lunch: what most shops begin with. */
export function newCalendar(timeZone: string, name: string): CalendarValues {
  const day = () => [
    { start: "09:00", end: "12:00" },
    { start: "13:00", end: "17:00" },
  ];
  return {
    name,
    isDefault: false,
    timeZone,
    alwaysOpen: false,
    hours: { ...NO_HOURS, mon: day(), tue: day(), wed: day(), thu: day(), fri: day() },
    country: "",
    subdivision: "",
    worked: [],
    closures: [],
    openings: [],
  };
}

export function calendarValues(calendar: CalendarPartsFragment): CalendarValues {
  const hours = Object.fromEntries(
    DAYS.map((day) => [
      day,
      calendar.hours.filter((one) => one.day === day).map(({ start, end }) => ({ start, end })),
    ]),
  ) as Record<Day, HoursValue[]>;
  return {
    name: calendar.name,
    isDefault: calendar.isDefault,
    timeZone: calendar.timeZone,
    alwaysOpen: calendar.alwaysOpen,
    hours,
    country: calendar.holidayCountry ?? "",
    subdivision: calendar.holidaySubdivision ?? "",
    worked: [...calendar.holidayExceptions],
    closures: calendar.closures.map((one) => ({ ...one, start: one.start ?? "", end: one.end ?? "" })),
    openings: calendar.openings.map((one) => ({ ...one })),
  };
}

export function calendarInput(values: CalendarValues, version: number | undefined): BusinessCalendarInput {
  return {
    version: version ?? null,
    name: values.name,
    isDefault: values.isDefault,
    timeZone: values.timeZone,
    alwaysOpen: values.alwaysOpen,
    hours: values.alwaysOpen ? [] : DAYS.flatMap((day) => values.hours[day].map((one) => ({ day, ...one }))),
    holidayCountry: values.country || null,
    holidaySubdivision: values.subdivision || null,
    holidayExceptions: values.country ? values.worked : [],
    closures: values.closures.map((one) => ({
      first: one.first,
      last: one.last || one.first,
      start: one.start || null,
      end: one.end || null,
      name: one.name || null,
    })),
    openings: values.openings.map((one) => ({ ...one, name: one.name || null })),
  };
}

export interface TargetValue {
  promised: boolean;
  amount: string;
  unit: Unit;
  inWorkingTime: boolean;
  warn: string;
  warnUnit: Unit;
  pauseOn: SlaStanding[];
}

export interface PolicyValues {
  name: string;
  calendarId: string;
  channels: string[];
  priorities: string[];
  languages: string;
  teamIds: string[];
  tags: string;
  vip: "" | "yes" | "no";
  targets: Record<SlaTarget, TargetValue>;
}

const NOTHING: TargetValue = {
  promised: false,
  amount: "",
  unit: "hours",
  inWorkingTime: false,
  warn: "",
  warnUnit: "minutes",
  pauseOn: [...PAUSES],
};

export function policyValues(policy: SlaPolicyPartsFragment | undefined): PolicyValues {
  const target = (kind: SlaTarget): TargetValue => {
    const found = policy?.targets.find((one) => one.target === kind);
    if (!found) {
      return { ...NOTHING, pauseOn: [...PAUSES] };
    }
    const length = toSpan(found.minutes);
    const warn = found.warnBeforeMinutes === null ? undefined : toSpan(found.warnBeforeMinutes);
    return {
      promised: true,
      amount: String(length.amount),
      unit: length.unit,
      inWorkingTime: found.inWorkingTime,
      warn: warn ? String(warn.amount) : "",
      warnUnit: warn?.unit ?? "minutes",
      pauseOn: [...found.pauseOn],
    };
  };
  return {
    name: policy?.name ?? "",
    calendarId: policy?.calendar?.id ?? "",
    channels: [...(policy?.channels ?? [])],
    priorities: [...(policy?.priorities ?? [])],
    languages: policy?.languages.join(", ") ?? "",
    teamIds: [...(policy?.teamIds ?? [])],
    tags: policy?.tags.join(", ") ?? "",
    vip: policy?.vip === true ? "yes" : policy?.vip === false ? "no" : "",
    targets: {
      FIRST_RESPONSE: target("FIRST_RESPONSE"),
      NEXT_RESPONSE: target("NEXT_RESPONSE"),
      RESOLUTION: target("RESOLUTION"),
    },
  };
}

/** What somebody typed as a whole number; 0 for anything else, which the service refuses by name. */
const whole = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : 0);
const listed = (text: string): string[] =>
  text
    .split(/[,、]/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

export function policyInput(values: PolicyValues, version: number | undefined): SlaPolicyInput {
  return {
    version: version ?? null,
    name: values.name,
    calendarId: values.calendarId || null,
    channels: values.channels,
    priorities: values.priorities,
    languages: listed(values.languages),
    teamIds: values.teamIds,
    tags: listed(values.tags),
    vip: values.vip === "" ? null : values.vip === "yes",
    targets: TARGETS.filter((kind) => values.targets[kind].promised).map((kind) => {
      const one = values.targets[kind];
      return {
        target: kind,
        minutes: whole(one.amount) * MINUTES[one.unit],
        inWorkingTime: one.inWorkingTime,
        warnBeforeMinutes: one.warn.trim() === "" ? null : whole(one.warn) * MINUTES[one.warnUnit],
        pauseOn: one.pauseOn,
      };
    }),
  };
}
