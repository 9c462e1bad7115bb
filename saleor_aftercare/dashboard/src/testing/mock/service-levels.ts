import type {
  BusinessCalendarInput,
  CalendarPartsFragment,
  HandledContactPartsFragment,
  HandledMonthPartsFragment,
  SlaPolicyInput,
  SlaPolicyPartsFragment,
  SurveySettingsPartsFragment,
} from "@/gql/types";
import { connection } from "./root";
import type { World } from "./world";

interface Levels {
  calendars: CalendarPartsFragment[];
  policies: SlaPolicyPartsFragment[];
  survey: SurveySettingsPartsFragment;
  month: HandledMonthPartsFragment;
  contacts: HandledContactPartsFragment[];
}

const HELD = new WeakMap<World, Levels>();
const office = { start: "09:00", end: "17:00" };

/** What the mock shop promises, has asked and has answered. */
export function levelsIn(world: World): Levels {
  let held = HELD.get(world);
  if (!held) {
    held = {
      calendars: [
        {
          id: "calendar-1",
          name: "Office",
          version: 2,
          isDefault: true,
          timeZone: "Asia/Tokyo",
          alwaysOpen: false,
          hours: ["mon", "tue"].map((day) => ({ day, ...office })),
          holidayCountry: "JP",
          holidaySubdivision: null,
          holidayExceptions: ["Marine Day"],
          closures: [{ first: "2026-12-29", last: "2027-01-03", start: null, end: null, name: "New Year" }],
          openings: [],
        },
      ],
      policies: ["Urgent", "Mail"].map((name, index) => ({
        id: `policy-${index + 1}`,
        name,
        version: 1,
        calendar: null,
        channels: index === 1 ? ["email"] : [],
        priorities: index === 0 ? ["urgent"] : [],
        languages: [],
        teamIds: [],
        tags: [],
        vip: null,
        targets: [
          {
            target: "FIRST_RESPONSE",
            minutes: 240,
            inWorkingTime: true,
            warnBeforeMinutes: 30,
            pauseOn: ["PENDING_CUSTOMER"],
          },
        ],
      })),
      survey: { version: 1, enabled: true, delayHours: 4, quietDays: 30, openDays: 14 },
      month: {
        month: "2026-10-01",
        closedAt: null,
        closedBy: null,
        digest: null,
        digestHolds: null,
        mayClose: true,
        total: 12,
        tallies: [
          { member: { id: "mei", name: "Mei" }, teamName: "Japan", channel: "email", contacts: 9, void: 1 },
          { member: { id: "mei", name: "Mei" }, teamName: "Japan", channel: "phone", contacts: 3, void: 0 },
        ],
      },
      contacts: [1001, 1002].map((ticketNumber) => ({
        id: `contact-${ticketNumber}`,
        channel: "email",
        contactedAt: "2026-10-02T09:00:00Z",
        answeredAt: "2026-10-02T10:00:00Z",
        voidReason: ticketNumber === 1002 ? "test" : "",
        teamName: "Japan",
        ticketNumber,
        subject: "Kettle leaks",
        member: { id: "mei", name: "Mei" },
      })),
    };
    HELD.set(world, held);
  }
  return held;
}

const fine = { errors: [] };

export const levelsOf = (world: World) => ({
  businessCalendars: () => levelsIn(world).calendars,
  slaPolicies: () => levelsIn(world).policies,
  holidayCountries: () => [
    { code: "JP", subdivisions: [] },
    { code: "DE", subdivisions: ["BE", "BY"] },
  ],
  holidays: () => [{ date: "2026-07-20", name: "Marine Day" }],
  businessCalendarSave: ({ id, input }: { id: string | null; input: BusinessCalendarInput }) => {
    const held = levelsIn(world);
    const old = held.calendars.find((one) => one.id === id);
    if (input.timeZone === "Mars") {
      const problem = { field: "timeZone", message: "No such zone", code: "INVALID", item: null };
      return { calendar: null, errors: [problem] };
    }
    const calendar = { ...old, ...input, id: id ?? "calendar-2", version: (old?.version ?? 0) + 1 };
    held.calendars = [
      ...held.calendars.filter((one) => one !== old),
      calendar as unknown as CalendarPartsFragment,
    ];
    return { calendar, ...fine };
  },
  businessCalendarDelete: () => fine,
  slaPolicySave: ({ id, input }: { id: string | null; input: SlaPolicyInput }) => {
    const held = levelsIn(world);
    const old = held.policies.find((one) => one.id === id);
    const policy = {
      ...old,
      ...input,
      id: id ?? "policy-3",
      version: (old?.version ?? 0) + 1,
      calendar: null,
    };
    held.policies = [
      ...held.policies.filter((one) => one !== old),
      policy as unknown as SlaPolicyPartsFragment,
    ];
    return { policy, ...fine };
  },
  slaPolicyRetire: () => fine,
  slaPoliciesOrder: ({ ids }: { ids: string[] }) => {
    const held = levelsIn(world);
    held.policies.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
    return { policies: held.policies, ...fine };
  },
  slaExplanation: () => ({
    policyName: "Mail",
    calendarName: null,
    timeZone: "Asia/Tokyo",
    targets: [
      {
        target: "FIRST_RESPONSE",
        state: "RUNNING",
        minutes: 240,
        inWorkingTime: true,
        startedAt: "2026-11-20T07:00:00Z",
        dueAt: "2026-11-24T02:00:00Z",
        stoppedAt: null,
        elapsedSeconds: 3600,
        remainingSeconds: 10800,
        pauses: [{ start: "2026-11-20T07:30:00Z", end: null, standing: "PENDING_CUSTOMER" }],
        intervals: [{ start: "2026-11-20T07:00:00Z", end: "2026-11-20T08:00:00Z", seconds: 3600 }],
      },
    ],
    daysOff: [{ date: "2026-11-23", name: "Labor Thanksgiving Day" }],
  }),
  handledMonths: () => [levelsIn(world).month.month],
  handledMonth: ({ month }: { month: string }) => ({ ...levelsIn(world).month, month }),
  handledContacts: ({ void: wanted }: { void?: boolean | null }) =>
    connection(
      levelsIn(world).contacts.filter(({ voidReason }) => wanted == null || (voidReason !== "") === wanted),
      {},
    ),
  handledContactVoid: ({ id, reason }: { id: string; reason: string }) => {
    const held = levelsIn(world);
    if (held.month.closedAt !== null) {
      const problem = {
        field: null,
        message: "This month is closed; its contacts are final.",
        code: "REFUSED",
        item: null,
      };
      return { contact: null, errors: [problem] };
    }
    held.contacts = held.contacts.map((one) => (one.id === id ? { ...one, voidReason: reason } : one));
    return { contact: held.contacts.find((one) => one.id === id), ...fine };
  },
  handledMonthClose: ({ month }: { month: string }) => {
    const held = levelsIn(world);
    held.month = {
      ...held.month,
      month,
      closedAt: "2026-11-01T09:00:00Z",
      digest: "ab12",
      digestHolds: true,
      mayClose: false,
    };
    return { month: held.month, ...fine };
  },
  handledContactsExport: () => ({ url: "https://aftercare.test/exports/handled-contacts/token/", ...fine }),
  surveySettings: () => levelsIn(world).survey,
  surveySettingsSave: ({ input }: { input: SurveySettingsPartsFragment }) => {
    const held = levelsIn(world);
    held.survey = { ...input, version: input.version + 1 };
    return { settings: held.survey, ...fine };
  },
  surveyFigures: ({ by }: { by?: string }) => [
    {
      key: by === "CHANNEL" ? "email" : by === "MONTH" ? "2026-10-01" : null,
      name: null,
      asked: 20,
      answers: 10,
      satisfied: 9,
      share: 0.9,
      low: 0.596,
      high: 0.982,
    },
  ],
  surveyComments: () => [
    {
      id: "survey-1",
      sentAt: "2026-10-02T09:00:00Z",
      score: 2,
      comment: "Slow.",
      answeredAt: "2026-10-02T10:00:00Z",
      member: { id: "mei", name: "Mei", email: "mei@shop.test", isMe: false },
      ticket: null,
    },
  ],
});
