import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { levelsIn } from "@/testing/mock/service-levels";
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

describe("one handled contact", () => {
  it("is taken out of the count with a reason, after a question, and put back by one press", async () => {
    const { user, sent } = await renderApp("/settings/contacts");
    const list = within(await screen.findByRole("list", { name: "The contacts one by one" }));
    expect(list.getByText("Does not count: A test")).toBeTruthy();

    await user.click(list.getByRole("button", { name: "Take out of the count: #1001" }));
    expect(sent("HandledContactVoid")).toEqual([]);
    const dialog = within(screen.getByRole("dialog"));
    await user.selectOptions(dialog.getByLabelText("Why it does not count"), "spam");
    await user.click(dialog.getByRole("button", { name: "Take out" }));

    expect(await list.findByText("Does not count: Spam")).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(list.getByRole("button", { name: "Put back: #1001" }));
    await waitFor(() => expect(list.queryByText("Does not count: Spam")).toBeNull());
    expect(sent("HandledContactVoid")).toEqual([
      { id: "contact-1001", reason: "spam" },
      { id: "contact-1001", reason: "" },
    ]);
  });

  it("is found by whether it counts", async () => {
    const { user, sent } = await renderApp("/settings/contacts");
    await screen.findByRole("list", { name: "The contacts one by one" });

    await user.click(
      within(screen.getByRole("group", { name: "State" })).getByRole("button", { name: "Do not count" }),
    );

    await waitFor(() => expect(sent("HandledContacts").at(-1)).toMatchObject({ void: true }));
    await waitFor(() => expect(screen.queryByRole("link", { name: /^#1001/ })).toBeNull());
    expect(screen.getByRole("link", { name: /^#1002/ })).toBeTruthy();
  });

  it("is final in a month that somebody closed meanwhile, which is said at the question", async () => {
    const { user, world } = await renderApp("/settings/contacts");
    const list = within(await screen.findByRole("list", { name: "The contacts one by one" }));
    await user.click(list.getByRole("button", { name: "Take out of the count: #1001" }));
    levelsIn(world).month = { ...levelsIn(world).month, closedAt: "2026-11-05T00:00:00Z", mayClose: false };

    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Take out" }));

    expect(await screen.findByText("This month is closed; its contacts are final.")).toBeTruthy();
    expect(await screen.findByText(/which contacts count can no longer be changed/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Put back: #1002" })).toBeNull();
  });

  it("is only read by those who do not lead the shop", async () => {
    await renderApp("/settings/contacts", (world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    await screen.findByRole("list", { name: "The contacts one by one" });
    expect(screen.queryByRole("button", { name: /Put back|Take out/ })).toBeNull();
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
