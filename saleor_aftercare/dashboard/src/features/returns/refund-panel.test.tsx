import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { serve } from "@/testing/dashboard";
import { renderApp } from "@/testing/render-app";

async function openPanel() {
  const app = await renderApp("/returns/R-112");
  await app.user.click(await screen.findByRole("button", { name: "Refund…" }));
  const panel = await screen.findByRole("dialog", { name: "Refund for R-112" });
  await within(panel).findByLabelText("Amount in EUR, tax included");
  return app;
}

async function setAmount(user: UserEvent, amount: string) {
  const field = screen.getByLabelText("Amount in EUR, tax included");
  await user.clear(field);
  await user.type(field, amount);
  await user.click(screen.getByRole("button", { name: "Check and confirm" }));
}

describe("the refund panel", () => {
  it("offers the server's suggestion and asks before it sends, naming amount and order", async () => {
    const { user, sent } = await openPanel();

    expect(screen.getByLabelText<HTMLInputElement>("Amount in EUR, tax included").value).toBe("159.00");
    await user.click(screen.getByRole("button", { name: "Check and confirm" }));

    expect(screen.getByText("Refund €159.00 for order #16")).toBeTruthy();
    expect(sent("ReturnRefund")).toEqual([]);
  });

  it("refunds once, however often the button is pressed", async () => {
    const { user, sent, world } = await openPanel();
    await setAmount(user, "120,50");
    const confirm = screen.getByRole("button", { name: "Refund €120.50" });

    fireEvent.click(confirm, { detail: 1 });
    fireEvent.click(confirm, { detail: 1 });
    fireEvent.click(confirm, { detail: 2 });

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("ReturnRefund")).toHaveLength(1);
    expect(sent("ReturnRefund")[0]?.input).toMatchObject({ amount: "120.50", method: "PAYMENT_APP" });
    expect(world.returns.find((one) => one.number === "R-112")?.refund?.amount.amount).toBe("120.50");
  });

  it("takes the second click of a double click on the button before for nothing", async () => {
    const { user, sent } = await openPanel();
    await user.click(screen.getByRole("button", { name: "Check and confirm" }));

    fireEvent.click(screen.getByRole("button", { name: "Refund €159.00" }), { detail: 2 });

    expect(sent("ReturnRefund")).toEqual([]);
    expect(screen.getByRole("dialog")).toBeTruthy();
  });

  it("repeats an unanswered request under the same key, and a new opening takes another", async () => {
    const { user, server, world } = await openPanel();
    const keys: string[] = [];
    let away = true;
    serve(async (request) => {
      const { query, variables } = (await request.clone().json()) as {
        query: string;
        variables: { input?: { idempotencyKey: string } };
      };
      if (query.includes("returnRefund(") && variables.input) {
        keys.push(variables.input.idempotencyKey);
        if (away) {
          throw new TypeError("Failed to fetch");
        }
      }
      return server.answer(request);
    });
    await user.click(screen.getByRole("button", { name: "Check and confirm" }));

    await user.click(screen.getByRole("button", { name: "Refund €159.00" }));
    await screen.findByRole("alert");
    away = false;
    await user.click(screen.getByRole("button", { name: "Refund €159.00" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(world.refundKeys.size).toBe(1);
  });

  it("refuses more than is left, fractions of a cent, and nothing at all", async () => {
    const { user, sent } = await openPanel();

    await setAmount(user, "163.91");
    expect(screen.getByText("No more than €163.90 can be refunded.")).toBeTruthy();
    await setAmount(user, "1.005");
    expect(screen.getByText("EUR has 2 decimal places.")).toBeTruthy();
    await setAmount(user, "0");
    expect(screen.getByText("Please enter an amount above zero.")).toBeTruthy();

    expect(sent("ReturnRefund")).toEqual([]);
  });

  it("says what the manual way means before it is confirmed", async () => {
    const { user, world } = await openPanel();
    await user.click(screen.getByRole("radio", { name: "By hand" }));
    await user.click(screen.getByRole("button", { name: "Check and confirm" }));
    expect(screen.getByText(/You return the money yourself/)).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Refund €159.00" }));

    await waitFor(() =>
      expect(world.returns.find((one) => one.number === "R-112")?.refund?.method).toBe("MANUAL"),
    );
  });
});
