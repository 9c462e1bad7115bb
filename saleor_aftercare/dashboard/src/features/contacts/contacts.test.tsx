import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("handled contacts", () => {
  it("are told by person, team and channel, and a month is closed after a question", async () => {
    const { user, sent } = await renderApp("/settings/contacts");

    const table = within(await screen.findByRole("table", { name: "By person, team and channel" }));
    expect(table.getAllByRole("row").map((row) => row.textContent)).toEqual([
      "PersonTeamChannelCountDo not count",
      "MeiJapanE-mail91",
      "MeiJapanTelephone30",
      "Mei, in all121",
    ]);
    await user.click(await screen.findByRole("button", { name: "Close month" }));
    expect(sent("HandledMonthClose")).toEqual([]);
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Close month" }));

    await waitFor(() => expect(sent("HandledMonthClose")).toHaveLength(1));
    expect(await screen.findByText("Closed: figures are final")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Close month" })).toBeNull();
  });
});

describe("satisfaction", () => {
  it("is a share with the interval in which it lies", async () => {
    await renderApp("/settings/satisfaction");

    expect((await screen.findAllByText("90 % (60–98 %)")).length).toBe(2);
    expect(screen.getByText("10 of 20 asked")).toBeTruthy();
    expect(screen.getByText("Slow.")).toBeTruthy();
  });

  it("is asked for as the shop says", async () => {
    const { user, sent } = await renderApp("/settings/satisfaction");

    const hours = await screen.findByLabelText<HTMLInputElement>("Hours after it was solved");
    await waitFor(() => expect(hours.matches(":enabled")).toBe(true));
    await user.clear(hours);
    await user.type(hours, "24");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("SurveySettingsSave")).toEqual([
        { input: { version: 1, enabled: true, delayHours: 24, quietDays: 30, openDays: 14 } },
      ]),
    );
  });
});
