import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { newWithdrawal } from "@/testing/mock/withdrawals";
import { renderApp } from "@/testing/render-app";

const ID = "V2l0aGRyYXdhbDWD-1001";

describe("the list of withdrawals", () => {
  it("shows a list, its deadline, and the numbers of the orders", async () => {
    const { user } = await renderApp("/withdrawals", (world) => {
      world.withdrawals.push(
        newWithdrawal(world),
        newWithdrawal(world, { number: "WD-1002", state: "UNMATCHED", refundDuty: "NONE" }),
      );
    });

    expect(await screen.findByText("WD-1002")).toBeTruthy();
    expect(screen.getByText("Refund by Dec 6, 2026")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Order not found" }));

    expect(await screen.findByText("WD-1002")).toBeTruthy();
    expect(screen.queryByText("WD-1001")).toBeNull();
  });
});

describe("a withdrawal", () => {
  it("shows the statement, the acknowledgement, and how the period was counted", async () => {
    await renderApp("/withdrawals/WD-1001", (world) => {
      world.withdrawals.push(newWithdrawal(world, { notices: ["The period would have ended."] }));
    });

    expect(await screen.findByText(/I hereby withdraw from the whole contract/)).toBeTruthy();
    expect(screen.getByText("Sent to ada@example.com")).toBeTruthy();
    expect(screen.getByText(/17 November 2026 \(estimated\)/)).toBeTruthy();
    expect(screen.getByText("The period would have ended.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /approve/i })).toBeNull();
  });

  it("lets staff say which goods are meant; exceptions start at none", async () => {
    const { user, sent } = await renderApp("/withdrawals/WD-1001", (world) => {
      world.withdrawals.push(newWithdrawal(world));
    });

    await user.click(await screen.findByRole("button", { name: "Make the return" }));
    const dialog = await screen.findByRole("dialog");
    const mug = within(dialog).getByLabelText<HTMLInputElement>("Blue mug: pieces of 2");
    const engraved = within(dialog).getByLabelText<HTMLInputElement>("Engraved mug (Ada): pieces of 1");
    expect([mug.value, engraved.value]).toEqual(["2", "0"]);
    await user.clear(mug);
    await user.type(mug, "3");
    expect(within(dialog).getByText("A whole number from 0 to 2")).toBeTruthy();
    await user.clear(mug);
    await user.type(mug, "1");
    await user.click(within(dialog).getByRole("button", { name: "Make the return" }));

    expect(await screen.findByRole("link", { name: "RMA-1009" })).toBeTruthy();
    expect(sent("WithdrawalCarryOut")).toEqual([
      { id: ID, lines: [{ orderLineId: "T3JkZXJMaW5lOm11Zw==", quantity: 1 }] },
    ]);
  });

  it("asks for the reason before it is out of scope, and takes it back", async () => {
    const { user, sent } = await renderApp("/withdrawals/WD-1001", (world) => {
      world.withdrawals.push(newWithdrawal(world));
    });

    await user.click(await screen.findByRole("button", { name: "Out of scope…" }));
    await user.click(await screen.findByRole("button", { name: "Mark as out of scope" }));
    expect(sent("WithdrawalMarkOutOfScope")).toEqual([]);
    await user.type(screen.getByLabelText("Reason, for the customer in their language"), "For a business.");
    await user.click(screen.getByRole("button", { name: "Mark as out of scope" }));

    expect(await screen.findByText("Told to the customer: For a business.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Take it back" }));
    expect(await screen.findByRole("button", { name: "Out of scope…" })).toBeTruthy();
  });

  it("assigns the order, and keeps the dialog open while there is no such order", async () => {
    const { user } = await renderApp("/withdrawals/WD-1001", (world) => {
      world.withdrawals.push(
        newWithdrawal(world, { state: "UNMATCHED", actions: ["match", "out_of_scope"] }),
      );
    });

    await user.click(await screen.findByRole("button", { name: "Assign the order" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByLabelText("Order number"), "404");
    await user.click(within(dialog).getByRole("button", { name: "Assign the order" }));
    expect(await within(dialog).findByText("There is no such order.")).toBeTruthy();
    await user.clear(within(dialog).getByLabelText("Order number"));
    await user.type(within(dialog).getByLabelText("Order number"), "1042");
    await user.click(within(dialog).getByRole("button", { name: "Assign the order" }));

    expect(await screen.findByRole("button", { name: "Order #1042" })).toBeTruthy();
  });
});
