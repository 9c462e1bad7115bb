import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { BusinessCalendarInput, SlaPolicyInput } from "@/gql/types";
import { renderApp } from "@/testing/render-app";
import { calendarInput, newCalendar, toSpan } from "./values";

describe("service levels", () => {
  it("are told in their order, which buttons change", async () => {
    const { user, sent } = await renderApp("/settings/service-levels");

    await screen.findByText("Urgent");
    expect(screen.getAllByText("First answer: 4 hours, working time")).toHaveLength(2);
    expect(screen.getByText(/within 24 hours, by the clock/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Try “Mail” earlier" }));

    await waitFor(() => expect(sent("SlaPoliciesOrder")).toEqual([{ ids: ["policy-2", "policy-1"] }]));
  });

  it("has policies that are saved whole, as the version that was read", async () => {
    const { user, sent } = await renderApp("/settings/service-levels/policies/policy-2");

    const first = within(await screen.findByRole("region", { name: "First answer" }));
    fireEvent.change(first.getByLabelText("Within"), { target: { value: "2" } });
    await user.click(screen.getByRole("checkbox", { name: "Telephone" }));
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent("SlaPolicySave")).toHaveLength(1));
    const { id, input } = sent("SlaPolicySave")[0] as { id: string; input: SlaPolicyInput };
    expect([id, input.version, input.channels, input.vip]).toEqual(["policy-2", 1, ["email", "phone"], null]);
    expect(input.targets).toEqual([
      {
        target: "FIRST_RESPONSE",
        minutes: 120,
        inWorkingTime: true,
        warnBeforeMinutes: 30,
        pauseOn: ["PENDING_CUSTOMER"],
      },
    ]);
  });

  it("has calendars with lunch breaks, holidays that are worked and closures", async () => {
    const { user, sent } = await renderApp("/settings/service-levels/calendars/calendar-1");

    const monday = within(await screen.findByRole("group", { name: "Monday" }));
    await user.click(monday.getByRole("button", { name: "Add hours" }));
    fireEvent.change(monday.getAllByLabelText("To")[0] as HTMLElement, { target: { value: "12:00" } });
    fireEvent.change(monday.getAllByLabelText("From")[1] as HTMLElement, { target: { value: "13:00" } });
    fireEvent.change(monday.getAllByLabelText("To")[1] as HTMLElement, { target: { value: "00:00" } });
    await user.click(await screen.findByRole("checkbox", { name: /Marine Day/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent("CalendarSave")).toHaveLength(1));
    const { input } = sent("CalendarSave")[0] as { input: BusinessCalendarInput };
    expect(input.hours.filter(({ day }) => day === "mon")).toEqual([
      { day: "mon", start: "09:00", end: "12:00" },
      { day: "mon", start: "13:00", end: "24:00" },
    ]);
    expect([input.version, input.holidayCountry, input.holidayExceptions]).toEqual([2, "JP", []]);
    expect(input.closures).toEqual([
      { first: "2026-12-29", last: "2027-01-03", start: null, end: null, name: "New Year" },
    ]);
  });

  it("keeps what somebody typed when the service says no", async () => {
    const { user } = await renderApp("/settings/service-levels/calendars/calendar-1");

    const zone = await screen.findByLabelText<HTMLInputElement>("Time zone");
    fireEvent.change(zone, { target: { value: "Mars" } });
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("No such zone")).toBeTruthy();
    expect(zone.value).toBe("Mars");
  });

  it("begins a calendar with a week and a lunch break", () => {
    const input = calendarInput(newCalendar("Europe/Berlin", "Usual"), undefined);

    expect(input.hours).toHaveLength(10);
    expect([input.version, input.timeZone, input.holidayCountry]).toEqual([null, "Europe/Berlin", null]);
  });

  it("tells minutes in the largest unit without a rest", () => {
    expect([90, 120, 2880].map(toSpan)).toEqual([
      { amount: 90, unit: "minutes" },
      { amount: 2, unit: "hours" },
      { amount: 2, unit: "days" },
    ]);
  });
});
