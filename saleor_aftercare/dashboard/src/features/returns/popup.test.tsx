import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MockServer } from "@/testing/mock/server";

const order = new MockServer().world.orders.find((one) => one.number === "20");
const orderId = order?.id ?? "";

async function openPopup(query: string) {
  const { renderApp } = await import("@/testing/render-app");
  return renderApp(`/popup/return?${query}`);
}

describe("the popup “Start return…”", () => {
  beforeEach(() => vi.resetModules());

  it("takes the order from the address, where the Dashboard's menu puts it", async () => {
    await openPopup(`orderId=${encodeURIComponent(orderId)}`);

    expect(await screen.findByText("Order #20 · Jade Guerrero. Choose what comes back.")).toBeTruthy();
  });

  it("takes the order from the parameters of a widget, asks for units and approves in place", async () => {
    const { user, world, dashboard, sent } = await openPopup(
      `appParams=${btoa(JSON.stringify({ orderId }))}`,
    );

    const socks = await screen.findByRole("group", { name: "Units of Merino socks to return" });
    await user.click(within(socks).getByRole("button", { name: "One more" }));
    await user.click(within(socks).getByRole("button", { name: "One more" }));
    await user.selectOptions(screen.getByLabelText("Reason"), "TOO_SMALL");
    await user.click(screen.getByRole("button", { name: "Request return of 2 units" }));

    const title = await screen.findByRole("heading", { name: /^Return R-\d+ is requested$/ });
    expect(sent("ReturnRequestCreate")[0]?.input).toMatchObject({
      orderId,
      lines: [{ quantity: 2, reason: "TOO_SMALL", note: "" }],
    });
    expect(dashboard.payloads("refreshEntity")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Approve" }));
    const number = title.textContent?.split(" ")[1];
    await waitFor(() => expect(world.returns.find((one) => one.number === number)?.state).toBe("APPROVED"));
    expect(dashboard.payloads("refreshEntity")).toHaveLength(2);
  });

  it("says why a line cannot come back and offers no units of it", async () => {
    await openPopup(`orderId=${encodeURIComponent(orderId)}`);

    expect(await screen.findByText("Final sale: this article cannot be returned.")).toBeTruthy();
    expect(screen.queryByRole("group", { name: "Units of Gift card to return" })).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Request return" }).disabled).toBe(true);
  });

  it("says what to do when it was opened without an order", async () => {
    await openPopup("");

    expect(await screen.findByText("Open “Start return…” from an order.")).toBeTruthy();
  });
});
