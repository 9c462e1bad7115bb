import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ReplacementPartsFragment } from "@/gql/types";
import { exchangesIn } from "@/testing/mock/exchange";
import type { World } from "@/testing/mock/world";
import { renderApp } from "@/testing/render-app";

const money = (amount: string) => ({ amount, currency: "EUR" });

function promise(world: World, changes: Partial<ReplacementPartsFragment> = {}): ReplacementPartsFragment {
  const ret = world.returns.find((one) => one.number === "R-112");
  const line = ret?.lines[0];
  const replacement: ReplacementPartsFragment = {
    id: "UmVwbGFjZW1lbnQ6MQ==",
    state: "OUT_OF_STOCK",
    purpose: "EXCHANGE",
    lines: [
      {
        variantId: "V1",
        name: "Trail boots 43",
        sku: "BOOT-43",
        quantity: 1,
        due: money("0.00"),
        returnLineId: line?.id ?? "",
      },
    ],
    due: money("0.00"),
    rest: money("0.00"),
    advance: false,
    backBy: null,
    isOverdue: false,
    orderNumber: null,
    orderId: null,
    failure: null,
    priceChanges: [],
    actions: ["reoffer", "cancel"],
    ...changes,
  };
  const held = exchangesIn(world);
  held.replacements.set(ret?.id ?? "", [replacement]);
  const option = (variantId: string, name: string, sku: string, rest: object) => ({
    variantId,
    name,
    sku,
    price: money("159.00"),
    due: money("0.00"),
    rest: money("0.00"),
    inStock: true,
    available: 3,
    isSame: false,
    isSameProduct: true,
    ...rest,
  });
  held.options = [
    option("V1", "Trail boots 43", "BOOT-43", { inStock: false, available: 0, isSame: true }),
    option("V2", "Trail boots 44", "BOOT-44", {}),
    option("V3", "Summit boots 43", "SUMMIT-43", { isSameProduct: false, due: money("40.00") }),
  ];
  return replacement;
}

async function open(changes: Partial<ReplacementPartsFragment> = {}) {
  const app = await renderApp("/returns/R-112", (world) => void promise(world, changes));
  await screen.findByRole("article", { name: "Exchange" });
  return app;
}

describe("goods in exchange", () => {
  it("show what was promised and that it is sold out", async () => {
    await open();

    const article = screen.getByRole("article", { name: "Exchange" });
    expect(within(article).getByText("1 × Trail boots 43")).toBeTruthy();
    expect(within(article).getByText("Sold out")).toBeTruthy();
  });

  it("are offered anew: what is sold out cannot be chosen, prices and stock are shown", async () => {
    const { user, sent } = await open();
    await user.click(screen.getByRole("button", { name: "Offer something else…" }));
    const dialog = await screen.findByRole("dialog", { name: "Offer something else" });

    const soldOut = await within(dialog).findByRole<HTMLInputElement>("radio", { name: /Trail boots 43/ });
    expect(soldOut.disabled).toBe(true);
    await user.click(within(dialog).getByRole("radio", { name: /Trail boots 44.*3 available.*even/ }));
    await user.click(within(dialog).getByRole("button", { name: "Offer this" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("ReturnExchangeReoffer")).toHaveLength(1);
    expect(await screen.findByText("1 × Trail boots 44")).toBeTruthy();
    expect(screen.getByText("Promised")).toBeTruthy();
  });

  it("may be another product, found by a search, with what it costs on top", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Offer something else…" }));
    const dialog = await screen.findByRole("dialog", { name: "Offer something else" });

    await user.type(within(dialog).getByLabelText("Another product, by name or SKU"), "summit");

    expect(await within(dialog).findByRole("radio", { name: /Summit boots 43.*\+ €40\.00/ })).toBeTruthy();
  });

  it("that wait for payment say how much, and link to their order", async () => {
    await open({
      state: "AWAITING_PAYMENT",
      due: money("20.00"),
      orderId: "T3JkZXI6OQ==",
      orderNumber: "99",
      actions: ["cancel"],
    });

    expect(screen.getByText("The customer pays €20.00 on top.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Order #99" })).toBeTruthy();
  });

  it("sent in advance warn when the old item does not come, and can be charged", async () => {
    const { user, sent } = await open({
      state: "SHIPPED",
      advance: true,
      backBy: "2026-06-20",
      isOverdue: true,
      actions: ["charge"],
    });

    expect(screen.getByText(/The old item was due to be on its way by/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Charge the customer" }));
    await waitFor(() => expect(sent("ReplacementCharge")).toHaveLength(1));
  });

  it("that got stuck say why and go on at a press", async () => {
    const { user } = await open({
      state: "NEEDS_STAFF",
      failure: "Somebody deleted the draft order in Saleor.",
      actions: ["retry", "cancel"],
    });

    expect(screen.getByText("Somebody deleted the draft order in Saleor.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Go on" }));
    expect(await screen.findByText("To be ordered")).toBeTruthy();
  });

  it("go with a letter in the customer's language, changed for this parcel and printed", async () => {
    const { user, sent, dashboard } = await open();
    await user.click(screen.getByRole("button", { name: "Letter…" }));
    const dialog = await screen.findByRole("dialog", { name: "Letter with the replacement" });

    await user.type(await within(dialog).findByLabelText("Text"), " sorry again.");
    await user.click(within(dialog).getByRole("button", { name: "Print" }));

    await waitFor(() => expect(sent("ApologyLetterPrint")).toHaveLength(1));
    expect(sent("ApologyLetterPrint")[0]).toMatchObject({ body: "Dear Jade Guerrero, sorry again." });
    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toContainEqual({
        to: "https://aftercare.test/files/letter/",
        newContext: true,
      }),
    );
  });
});
