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
    await user.selectOptions(screen.getByLabelText("Reason"), "too_small");
    await user.click(screen.getByRole("button", { name: "Request return of 2 units" }));

    const title = await screen.findByRole("heading", { name: /^Return R-\d+ is requested$/ });
    expect(sent("ReturnRequestCreate")[0]?.input).toMatchObject({
      orderId,
      lines: [{ quantity: 2, reason: "too_small", note: "" }],
    });
    expect(dashboard.payloads("refreshEntity")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Approve" }));
    const number = title.textContent?.split(" ")[1];
    await waitFor(() => expect(world.returns.find((one) => one.number === number)?.state).toBe("APPROVED"));
    expect(dashboard.payloads("refreshEntity")).toHaveLength(2);
  });

  it("lets staff go beyond the rules only with a reason", async () => {
    const { user, sent } = await openPopup(`orderId=${encodeURIComponent(orderId)}`);
    expect(await screen.findByText("Final sale: this article cannot be returned.")).toBeTruthy();
    const units = screen.getByRole("group", { name: "Units of Gift card to return" });

    await user.click(within(units).getByRole("button", { name: "One more" }));
    await user.selectOptions(screen.getByLabelText("Reason"), "changed_mind");
    const create = screen.getByRole<HTMLButtonElement>("button", { name: "Request return of 1 unit" });
    expect(create.disabled).toBe(true);
    await user.type(screen.getByLabelText("Why do you go beyond the rules?"), "A loyal customer");
    await user.click(create);

    await waitFor(() =>
      expect(sent("ReturnRequestCreate")[0]?.input).toMatchObject({
        overrideReason: "A loyal customer",
        policyVersion: 3,
      }),
    );
  });

  it("asks what the reason wants to know", async () => {
    const { user, sent } = await openPopup(`orderId=${encodeURIComponent(orderId)}`);
    const socks = await screen.findByRole("group", { name: "Units of Merino socks to return" });
    await user.click(within(socks).getByRole("button", { name: "One more" }));

    await user.selectOptions(screen.getByLabelText("Reason"), "defective");
    await user.selectOptions(screen.getByLabelText("When did you notice it?"), "after_use");
    await user.selectOptions(screen.getByLabelText("The customer wants"), "REPAIR");
    await user.click(screen.getByRole("button", { name: "Request return of 1 unit" }));

    await waitFor(() =>
      expect(sent("ReturnRequestCreate")[0]?.input).toMatchObject({
        lines: [
          {
            reason: "defective",
            resolution: "REPAIR",
            answers: [{ code: "noticed", value: "after_use" }],
          },
        ],
      }),
    );
  });

  it("says what to do when it was opened without an order", async () => {
    await openPopup("");

    expect(await screen.findByText("Open “Start return…” from an order.")).toBeTruthy();
  });
});
