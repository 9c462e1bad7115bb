import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { World } from "@/testing/mock/world";
import { renderApp } from "@/testing/render-app";

function withYamato(world: World): void {
  const [printable] = world.providers;
  if (printable) {
    const capabilities = { ...printable.capabilities, exports: true };
    world.providers.push({
      ...printable,
      slug: "yamato_b2",
      name: "Yamato Transport",
      chosen: false,
      capabilities,
    });
  }
}

describe("the packing table", () => {
  it("prints the forms of the chosen orders in the order of the list", async () => {
    const { user, sent, dashboard, world } = await renderApp("/packing");
    const orders = await screen.findByRole("group", { name: "Print for" });

    await user.click(within(orders).getByRole("checkbox", { name: "All" }));
    await user.click(within(orders).getByRole("checkbox", { name: "Order #20 · Jade Guerrero" }));
    await user.click(screen.getByRole("button", { name: "Print 1 form" }));

    await waitFor(() => expect(sent("ReturnFormsPrint")).toHaveLength(1));
    expect(sent("ReturnFormsPrint")[0]?.orderIds).toEqual([
      world.orders.find((one) => one.number === "20")?.id,
    ]);
    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toContainEqual({
        to: "https://aftercare.test/papers/return-forms/x/",
        newContext: true,
      }),
    );
  });

  it("makes a list for the carrier's program and shows why a parcel stays behind", async () => {
    const { user, sent } = await renderApp("/packing", withYamato);

    expect(await screen.findByText("RMA-1002: The customer's address is not in Japan")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Make list of 2 parcels" }));

    await waitFor(() => expect(sent("CarrierListCreate")).toEqual([{ provider: "yamato_b2" }]));
  });

  it("reads tracking numbers back and says what became of each line", async () => {
    const { user, sent } = await renderApp("/packing", withYamato);
    const field = await screen.findByLabelText<HTMLInputElement>("Read tracking numbers back");

    await user.upload(field, new File(["x"], "issued.csv", { type: "text/csv" }));

    expect(await screen.findByText("1 parcel got its number.")).toBeTruthy();
    expect(screen.getByText("Not ours: RMA-9")).toBeTruthy();
    expect(sent("CarrierListReadBack")).toHaveLength(1);
  });
});
