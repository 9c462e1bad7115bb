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

  it("receive what was approved, and more only with the reason that the customer reads", async () => {
    const { user, sent } = await renderApp("/returns/R-117", (world) => {
      const line = world.returns.find((one) => one.number === "R-117")?.lines[0];
      Object.assign(line ?? {}, { quantity: 3, quantityApproved: 1 });
    });
    await user.click(await screen.findByRole("button", { name: "Mark received…" }));
    const units = await screen.findByLabelText<HTMLInputElement>("Arrived");
    const confirm = screen.getByRole<HTMLButtonElement>("button", { name: "Mark received" });
    expect(units.value).toBe("1");
    expect(screen.getByText("1 expected of 3 asked for")).toBeTruthy();

    await user.clear(units);
    await user.type(units, "2");
    await user.clear(screen.getByLabelText("Something else came instead"));
    await user.type(screen.getByLabelText("Something else came instead"), "1");
    expect(confirm.disabled).toBe(true);
    await user.type(screen.getByLabelText("Why 1 more than approved is not accepted"), "Not agreed.");
    await user.click(confirm);

    await waitFor(() =>
      expect(sent("ReturnReceive")[0]?.lines).toEqual([
        expect.objectContaining({ received: 2, wrong: 1, rejected: 1, rejectReason: "Not agreed." }),
      ]),
    );
  });

  it("receive the units that arrived, not more than were sent", async () => {
    const { user, sent } = await renderApp("/returns/R-117");
    await user.click(await screen.findByRole("button", { name: "Mark received…" }));
    const units = await screen.findByLabelText<HTMLInputElement>("Arrived");

    await user.clear(units);
    expect(screen.getByText("At least one unit must have arrived.")).toBeTruthy();
    await user.type(units, "5");
    expect(units.value).toBe("1");
    await user.click(screen.getByRole("button", { name: "Mark received" }));

    await waitFor(() =>
      expect(sent("ReturnReceive")[0]?.lines).toEqual([expect.objectContaining({ received: 1 })]),
    );
    expect(await screen.findByRole("button", { name: "Settle…" })).toBeTruthy();
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

  it("ask the customer something, which only goes out with words", async () => {
    const { user, sent } = await renderApp("/returns/R-118", (world) => {
      const ret = world.returns.find((one) => one.number === "R-118");
      ret?.actions.push("ask", "override");
    });
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    await user.click(screen.getByRole("menuitem", { name: "Ask the customer…" }));
    const dialog = await screen.findByRole("dialog", { name: "Ask about R-118" });

    await user.click(within(dialog).getByRole("button", { name: "Send question" }));
    expect(sent("ReturnAsk")).toEqual([]);
    await user.type(within(dialog).getByRole("textbox"), "Which side?");
    await user.click(within(dialog).getByRole("button", { name: "Send question" }));

    await waitFor(() => expect(sent("ReturnAsk")[0]).toMatchObject({ question: "Which side?" }));
  });

  it("approve in part only with the reason that the customer reads", async () => {
    const { user, sent } = await renderApp("/returns/R-118", (world) => {
      const line = world.returns.find((one) => one.number === "R-118")?.lines[0];
      if (line) {
        line.quantity = 2;
      }
    });
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    await user.click(screen.getByRole("menuitem", { name: "Approve in part…" }));
    const dialog = await screen.findByRole("dialog", { name: "Approve what of R-118?" });
    const approve = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Approve" });
    const units = within(dialog).getByLabelText<HTMLInputElement>(/units to approve \(of 2\)/);

    await user.clear(units);
    await user.type(units, "1");
    expect(approve.disabled).toBe(true);
    await user.type(within(dialog).getByRole("textbox"), "One was worn.");
    await user.click(approve);

    await waitFor(() =>
      expect(sent("ReturnApprove")[0]).toMatchObject({
        lines: [expect.objectContaining({ quantity: 1 })],
        reason: "One was worn.",
      }),
    );
  });

  it("do not offer a settlement to somebody who may not handle payments", async () => {
    const { user, sent } = await renderApp("/returns/R-112", (world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    const settle = await screen.findByRole<HTMLButtonElement>("button", { name: "Settle…" });
    await waitFor(() => expect(sent("Viewer")).toHaveLength(1));
    await user.click(settle);

    expect(settle.disabled).toBe(true);
    expect(settle.title).toBe("To settle you need the permission “Handle payments”.");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
