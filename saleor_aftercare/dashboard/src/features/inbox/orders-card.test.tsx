import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const card = (name: string) => screen.findByRole("region", { name });

describe("the customer's orders beside a conversation", () => {
  it("offers the newest ones although the conversation is about none, and links one", async () => {
    const { user, sent, world } = await renderApp("/inbox/tickets/4021", (before) => {
      const ticket = before.tickets.find((one) => one.number === 4021);
      Object.assign(ticket ?? {}, { order: null });
    });
    const newest = within(await card("Newest orders"));
    expect(newest.getByText(/#20/).textContent).toBe("#20 Fulfilled");
    expect(sent("TicketProperties")).toHaveLength(1);
    expect(newest.getByText("Tracking number JD014600005821")).toBeTruthy();

    await user.click(newest.getByRole("button", { name: "Link #20 to this conversation" }));

    expect(await card("Order #20")).toBeTruthy();
    const order = world.orders.find((one) => one.number === "20");
    expect(sent("TicketOrderLink")).toEqual([expect.objectContaining({ orderId: order?.id })]);
    await waitFor(() => expect(screen.queryByRole("region", { name: "Newest orders" })).toBeNull());
  });

  it("opens one in the Dashboard", async () => {
    const { user, dashboard } = await renderApp("/inbox/tickets/4021", (before) => {
      Object.assign(before.tickets.find((one) => one.number === 4021) ?? {}, { order: null });
    });

    await user.click(
      within(await card("Newest orders")).getByRole("button", { name: "Open order #20 in the Dashboard" }),
    );

    await waitFor(() => expect(dashboard.payloads("redirect")).toHaveLength(1));
  });
});
