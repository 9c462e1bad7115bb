import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("the reason of a deadline", () => {
  it("is the policy, the time that was counted, the pauses and the days off", async () => {
    let number = 0;
    const { user, sent } = await renderApp("/inbox", (world) => {
      const waiting = world.tickets.find((one) => one.dueAt !== null && one.state === "NEW");
      number = waiting?.number ?? 0;
    });
    await user.click(
      (await screen.findAllByRole("option", { name: new RegExp(`#${number}`) }))[0] as Element,
    );

    await user.click(await screen.findByRole("button", { name: /Why this deadline/ }));

    const dialog = within(await screen.findByRole("dialog", { name: "Why this deadline?" }));
    expect(await dialog.findByText("Mail")).toBeTruthy();
    expect(dialog.getByText("The shop’s own (Asia/Tokyo)")).toBeTruthy();
    expect(dialog.getByText(/Nov 20, 2026, 4:00\s–\s5:00\sPM · 1h/)).toBeTruthy();
    expect(dialog.getByText(/It waits for the customer/)).toBeTruthy();
    expect(dialog.getByText(/Labor Thanksgiving Day/)).toBeTruthy();
    expect(sent("TicketSla")).toHaveLength(1);
  });
});
