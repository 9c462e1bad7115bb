import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("the actions of a return", () => {
  it("decline only with a reason, which the customer will read", async () => {
    const { user, world, sent } = await renderApp("/returns/R-118");
    await user.click(await screen.findByRole("button", { name: "Decline" }));
    const dialog = await screen.findByRole("dialog", { name: "Decline R-118" });

    await user.click(within(dialog).getByRole("button", { name: "Decline" }));
    expect(within(dialog).getByText("Please say why.")).toBeTruthy();
    expect(sent("ReturnDecline")).toEqual([]);
    await user.type(within(dialog).getByRole("textbox"), "Worn outdoors");
    await user.click(within(dialog).getByRole("button", { name: "Decline" }));

    await waitFor(() => expect(world.returns.find((one) => one.number === "R-118")?.state).toBe("DECLINED"));
    expect(await screen.findByText("Declined: Worn outdoors")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
  });

  it("receive the units that arrived, not more than were sent", async () => {
    const { user, sent } = await renderApp("/returns/R-117");
    await user.click(await screen.findByRole("button", { name: "Mark received…" }));
    const units = await screen.findByLabelText<HTMLInputElement>(/units received \(of 1\)/);

    await user.clear(units);
    expect(screen.getByText("At least one unit must have arrived.")).toBeTruthy();
    await user.type(units, "5");
    expect(units.value).toBe("1");
    await user.click(screen.getByRole("button", { name: "Mark received" }));

    await waitFor(() =>
      expect(sent("ReturnReceive")[0]?.lines).toEqual([expect.objectContaining({ quantity: 1 })]),
    );
    expect(await screen.findByRole("button", { name: "Refund…" })).toBeTruthy();
  });

  it("tell the reason when somebody else was faster", async () => {
    const { user, world } = await renderApp("/returns/R-118");
    const approve = await screen.findByRole("button", { name: "Approve" });
    const ret = world.returns.find((one) => one.number === "R-118");
    if (ret) {
      ret.state = "CANCELED";
      ret.actions = [];
    }

    await user.click(approve);

    expect(await screen.findByText("Somebody changed this meanwhile; reload and try again")).toBeTruthy();
    expect(await screen.findByText("Cancelled")).toBeTruthy();
  });

  it("open the label in a tab of the Dashboard's making", async () => {
    const { user, dashboard } = await renderApp("/returns/R-117");

    await user.click(await screen.findByRole("button", { name: "Open label (A6)" }));

    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toEqual([
        { to: "https://aftercare.example.com/files/label-R-117.pdf", newContext: true },
      ]),
    );
  });

  it("do not offer a refund to somebody who may not handle payments", async () => {
    const { user, sent } = await renderApp("/returns/R-112", (world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    const refund = await screen.findByRole<HTMLButtonElement>("button", { name: "Refund…" });
    await waitFor(() => expect(sent("Viewer")).toHaveLength(1));
    await user.click(refund);

    expect(refund.disabled).toBe(true);
    expect(refund.title).toBe("To refund you need the permission “Handle payments”.");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
