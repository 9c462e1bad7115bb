import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { serve } from "@/testing/dashboard";
import { type MockSettlement, settlementsIn } from "@/testing/mock/settlements";
import type { World } from "@/testing/mock/world";
import { renderApp } from "@/testing/render-app";

async function openPanel() {
  const app = await renderApp("/returns/R-112");
  // The page is loaded lazily: the first test waits for its code, too.
  await app.user.click(await screen.findByRole("button", { name: "Settle…" }, { timeout: 10_000 }));
  const panel = await screen.findByRole("dialog", { name: "Settle R-112" });
  await within(panel).findByRole("table", { name: "How the amount comes about" });
  return app;
}

const ready = () =>
  waitFor(() => {
    const next = screen.getByRole<HTMLButtonElement>("button", { name: "Check and confirm" });
    expect(next.disabled).toBe(false);
    return next;
  });

describe("the settlement panel", () => {
  it("shows the server's sum and says in sentences what will happen before anything is sent", async () => {
    const { user, sent } = await openPanel();
    const table = screen.getByRole("table", { name: "How the amount comes about" });
    expect(within(table).getByText("1 × Trail boots")).toBeTruthy();

    await user.click(await ready());

    expect(screen.getByText("€159.00 for order #16")).toBeTruthy();
    expect(screen.getByText("€159.00 go back to Card.")).toBeTruthy();
    expect(sent("ReturnSettle")).toEqual([]);
  });

  it("gives once, however often the button is pressed, and what was shown", async () => {
    const { user, sent, world } = await openPanel();
    await user.click(await ready());
    const confirm = screen.getByRole("button", { name: "Give €159.00" });

    fireEvent.click(confirm, { detail: 1 });
    fireEvent.click(confirm, { detail: 1 });
    fireEvent.click(confirm, { detail: 2 });

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("ReturnSettle")).toHaveLength(1);
    const given = [...settlementsIn(world).settlements.values()].flat();
    expect(given.map((one) => one.refund.amount)).toEqual(["159.00"]);
  });

  it("takes the second click of a double click on the button before for nothing", async () => {
    const { user, sent } = await openPanel();
    await user.click(await ready());

    fireEvent.click(screen.getByRole("button", { name: "Give €159.00" }), { detail: 2 });

    expect(sent("ReturnSettle")).toEqual([]);
    expect(screen.getByRole("dialog")).toBeTruthy();
  });

  it("repeats an unanswered request under the same key", async () => {
    const { user, server, world } = await openPanel();
    const keys: string[] = [];
    let away = true;
    serve(async (request) => {
      const { query, variables } = (await request.clone().json()) as {
        query: string;
        variables: { input?: { idempotencyKey: string } };
      };
      if (query.includes("returnSettle(") && variables.input) {
        keys.push(variables.input.idempotencyKey);
        if (away) {
          throw new TypeError("Failed to fetch");
        }
      }
      return server.answer(request);
    });
    await user.click(await ready());

    await user.click(screen.getByRole("button", { name: "Give €159.00" }));
    await screen.findByRole("alert");
    away = false;
    await user.click(screen.getByRole("button", { name: "Give €159.00" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(settlementsIn(world).keys.size).toBe(1);
  });

  it("goes back to the sum, read anew, when somebody refunded in the Dashboard meanwhile", async () => {
    const { user, sent, world } = await openPanel();
    await user.click(await ready());
    const ret = world.returns.find((one) => one.number === "R-112");
    settlementsIn(world).available.set(ret?.id ?? "", 100);

    await user.click(screen.getByRole("button", { name: "Give €159.00" }));

    expect(await screen.findByText("The amounts have changed; look at them again.")).toBeTruthy();
    expect(await screen.findByText("Not covered by what the order still holds")).toBeTruthy();
    await user.click(await ready());
    await user.click(screen.getByRole("button", { name: "Give €100.00" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("ReturnSettle")).toHaveLength(2);
  });

  it("works the sum out anew for a deduction with its reason, and refuses fractions of a cent", async () => {
    const { user } = await openPanel();
    await user.click(screen.getByText("Deduct for lost value"));
    const amount = screen.getByLabelText("Deduct, in EUR");

    await user.type(amount, "1.005");
    await user.tab();
    expect(screen.getByText("EUR has 2 decimal places.")).toBeTruthy();
    await user.clear(amount);
    await user.type(amount, "9,00");
    await user.type(screen.getByLabelText("Reason, for the customer"), "Worn outdoors{Enter}");

    expect(await screen.findByText("Worn outdoors")).toBeTruthy();
    await user.click(await ready());
    expect(screen.getByText("€150.00 for order #16")).toBeTruthy();
  });

  it("says what the way by hand means before it is confirmed", async () => {
    const { user } = await openPanel();

    await user.click(screen.getByRole("radio", { name: /All of it by hand/ }));
    await waitFor(() =>
      expect(screen.getByRole<HTMLInputElement>("radio", { name: /All of it/ }).checked).toBe(true),
    );
    await user.click(await ready());

    expect(screen.getByText(/You pay them yourself/)).toBeTruthy();
  });

  it("asks what is given for goods that are not sent after all, and gives nothing before that is said", async () => {
    const { user, sent, world } = await renderApp("/returns/R-112");
    const ret = world.returns.find((one) => one.number === "R-112");
    settlementsIn(world).notSent.add(ret?.id ?? "");
    await user.click(await screen.findByRole("button", { name: "Settle…" }, { timeout: 10_000 }));
    const group = await screen.findByRole("group", { name: "What is given for the goods that are not sent" });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Check and confirm" }).disabled).toBe(true);

    await user.click(within(group).getByRole("radio", { name: "Store credit" }));
    await user.click(await ready());
    expect(screen.getByText("€159.00 become store credit; the customer gets the code by mail.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Give €159.00" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("ReturnSettle")).toMatchObject([{ input: { options: { instead: "STORE_CREDIT" } } }]);
  });

  it("offers import charges only where the goods cross a customs border, and gives them with their note", async () => {
    const { user, world } = await renderApp("/returns/R-112");
    const ret = world.returns.find((one) => one.number === "R-112");
    settlementsIn(world).abroad.add(ret?.id ?? "");
    settlementsIn(world).available.set(ret?.id ?? "", 1000);
    await user.click(await screen.findByRole("button", { name: "Settle…" }, { timeout: 10_000 }));
    await user.click(await screen.findByText("Give duties and import charges back"));

    await user.type(screen.getByLabelText("Import charges, in EUR"), "12.34");
    await user.type(screen.getByLabelText("What they are, for the customer"), "Receipt 4711{Enter}");

    expect(await screen.findByText("Receipt 4711")).toBeTruthy();
    await user.click(await ready());
    expect(screen.getByText("€171.34 for order #16")).toBeTruthy();
  });

  it("says which order the money goes back to, of goods that came in exchange", async () => {
    const { user, world } = await renderApp("/returns/R-112");
    const ret = world.returns.find((one) => one.number === "R-112");
    settlementsIn(world).paidWith.set(ret?.id ?? "", "9");
    await user.click(await screen.findByRole("button", { name: "Settle…" }, { timeout: 10_000 }));
    expect(await screen.findByText(/paid with order #9/)).toBeTruthy();
    expect(screen.queryByText("Give duties and import charges back")).toBeNull();

    await user.click(await ready());

    expect(screen.getByText("€159.00 go back to Card of order #9.")).toBeTruthy();
  });
});

describe("what was given", () => {
  it("shows each part, lets a failed one be tried again, and reveals a code on demand", async () => {
    const eur = (amount: string) => ({ amount, currency: "EUR" });
    const given = (world: World): MockSettlement[] => [
      {
        id: "U2V0dGxlbWVudDox",
        state: "FAILED",
        items: [],
        refund: eur("50.00"),
        credit: eur("24.00"),
        bonus: eur("0.00"),
        exchange: eur("0.00"),
        note: null,
        decidedBy: "Mika Berg",
        createdAt: world.ago(0),
        finishedAt: null,
        refunds: [
          {
            id: "UmVmdW5kOjE=",
            amount: eur("50.00"),
            means: "Card",
            method: "PAYMENT_APP",
            state: "FAILED",
            failure: "card closed",
            steps: [],
          },
        ],
        storeCredits: [
          {
            id: "U3RvcmVDcmVkaXQ6MQ==",
            amount: eur("24.00"),
            bonus: eur("0.00"),
            restores: false,
            state: "ISSUED",
            code: "•••• 6789",
            expiresOn: "2027-11-22",
            failure: null,
            actions: ["reveal"],
          },
        ],
        actions: ["retry"],
      },
    ];
    const { user, sent } = await renderApp("/returns/R-109", (world) => {
      const ret = world.returns.find((one) => one.number === "R-109");
      settlementsIn(world).settlements.set(ret?.id ?? "", given(world));
    });

    expect(await screen.findByText("card closed", {}, { timeout: 5000 })).toBeTruthy();
    expect(screen.getByText("•••• 6789")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Show code" }));
    expect(await screen.findByText("ABCD2345EFGH6789")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Try what failed again" }));
    await waitFor(() => expect(sent("SettlementRetry")).toHaveLength(1));
  });
});
