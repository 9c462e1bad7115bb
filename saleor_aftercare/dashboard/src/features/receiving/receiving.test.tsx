import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

async function open(path: string) {
  const { renderApp } = await import("@/testing/render-app");
  const { parcelsOf } = await import("@/testing/mock/receiving");
  const app = await renderApp(path);
  return { ...app, parcels: parcelsOf(app.world) };
}

/** Keys as a scanner sends them: one every few milliseconds, Enter at the end. */
function scan(code: string, target: Element = document.body, init: KeyboardEventInit = {}) {
  for (const key of [...code, "Enter"]) {
    fireEvent.keyDown(target, { key, ...init });
  }
}

describe("receiving", () => {
  beforeEach(() => vi.resetModules());

  it("opens the sheet of what was scanned, and listens to the next scan there", async () => {
    await open("/receiving");
    await screen.findByLabelText("Scan or type a code");

    scan("RMA-1001");
    expect(await screen.findByText("Merino socks")).toBeTruthy();
    scan("rma-1002");

    expect(await screen.findByText("Kettle")).toBeTruthy();
    expect(screen.queryByText("Merino socks")).toBeNull();
  });

  it("takes no slow typing, no composed keys and no keys of a field for a scan", async () => {
    const { sent } = await open("/receiving");
    const field = await screen.findByLabelText("Scan or type a code");

    scan("RMA-1001", document.body, { isComposing: true });
    scan("RMA-1001", document.body, { ctrlKey: true });
    scan("RMA-1001", field);

    expect(sent("ReceivingScan")).toEqual([]);
  });

  it("finds what was typed, offers several, and says what to do with none", async () => {
    const { user } = await open("/receiving");
    const field = await screen.findByLabelText("Scan or type a code");

    await user.type(field, "4711{Enter}");
    expect(await screen.findByText(/No return, label or order has this code/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Note a parcel without a return" })).toBeTruthy();
  });

  it("receives what was counted, with a key of its own", async () => {
    const { user, sent, parcels } = await open("/receiving/RMA-1001");

    const arrived = await screen.findByRole("group", { name: "Arrived" });
    await user.click(within(arrived).getByRole("button", { name: "One less" }));
    await user.click(screen.getByRole("button", { name: "Receive one unit" }));

    await waitFor(() => expect(parcels[0]?.lines[0]?.received).toBe(1));
    const [given] = sent("ReceivingReceive") as { input: { key: string; seen: number } }[];
    expect(given?.input.seen).toBe(0);
    expect(given?.input.key).toHaveLength(32);
    expect(await screen.findByText("What is in parcel 2?")).toBeTruthy();
  });

  it("keeps a count while the network is away, and sends it once when it is back", async () => {
    const { user, fetched, server, sent, parcels } = await open("/receiving/RMA-1001");
    const button = await screen.findByRole("button", { name: "Receive 2 units" });

    fetched.mockImplementation(async () => {
      throw new TypeError("network");
    });
    await user.click(button);
    expect(await screen.findByText(/Not sent yet: RMA-1001/)).toBeTruthy();
    fetched.mockImplementation(async (input, init) =>
      server.answer(new Request(new URL(String(input), "https://aftercare.test"), init)),
    );
    await act(async () => {
      window.dispatchEvent(new Event("online"));
    });

    await waitFor(() => expect(parcels[0]?.lines[0]?.received).toBe(2));
    await waitFor(() => expect(screen.queryByText(/Not sent yet/)).toBeNull());
    expect(sent("ReceivingReceive")).toHaveLength(1);
  });

  it("shows why when somebody else was faster", async () => {
    const { user, parcels } = await open("/receiving/RMA-1001");
    const button = await screen.findByRole("button", { name: "Receive 2 units" });

    if (parcels[0]) {
      parcels[0].seen = 1;
    }
    await user.click(button);

    expect(await screen.findByText(/Somebody else has received a parcel/)).toBeTruthy();
    expect(parcels[0]?.lines[0]?.received).toBe(0);
  });

  it("makes a return of a parcel that came without one, for the order and the units that somebody chooses", async () => {
    const { user, sent } = await open("/receiving/stray/STR-1001");
    const search = await screen.findByLabelText("Order number, e-mail or name");

    await user.type(search, "nobody{Enter}");
    expect(await screen.findByText("No order found.")).toBeTruthy();
    await user.clear(search);
    await user.type(search, "#19{Enter}");
    await user.click(await screen.findByRole("button", { name: "Choose order #19" }));
    const units = await screen.findByRole("group", { name: /^Units of Kettle M-200/ });
    const start = () => screen.getByRole<HTMLButtonElement>("button", { name: /^Start a return for/ });
    expect(start().disabled).toBe(true);
    await user.click(within(units).getByRole("button", { name: "One more" }));
    await user.selectOptions(screen.getByLabelText("Reason"), "It is defective");
    await user.click(start());

    expect(await screen.findByRole("button", { name: /RMA-1001/ })).toBeTruthy();
    expect(sent("StrayParcelReturnCreate")[0]).toMatchObject({
      id: "stray-1",
      reason: "defective",
      lines: [{ quantity: 1 }],
    });
    expect(screen.queryByLabelText("Order number, e-mail or name")).toBeNull();
  });

  it("starts no return for people who may not manage orders", async () => {
    const { renderApp } = await import("@/testing/render-app");
    await renderApp("/receiving/stray/STR-1001", (world) => {
      world.permissions = ["MANAGE_PRODUCTS"];
    });

    expect(await screen.findByText("Two socks")).toBeTruthy();
    expect(screen.queryByLabelText("Order number, e-mail or name")).toBeNull();
  });

  it("lets somebody choose the warehouse that takes what comes back, by its name", async () => {
    const { renderApp } = await import("@/testing/render-app");
    const { user, sent } = await renderApp("/receiving", (world) => {
      world.permissions = ["MANAGE_PRODUCTS"];
    });
    await user.click(await screen.findByRole("button", { name: "Warehouse" }));
    const place = await screen.findByLabelText<HTMLSelectElement>("Warehouse in Saleor");

    expect(place.value).toBe("");
    await user.selectOptions(place, "West");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent("DefaultWarehouseSet")).toEqual([{ warehouseId: "warehouse-west" }]));
    await user.click(screen.getByRole("button", { name: "Warehouse" }));
    await waitFor(() =>
      expect(screen.getByLabelText<HTMLSelectElement>("Warehouse in Saleor").value).toBe("warehouse-west"),
    );
  });

  it("shows the code that pairs a phone", async () => {
    const { user } = await open("/receiving");

    await user.click(await screen.findByRole("button", { name: "Scan with a phone" }));

    expect(await screen.findByAltText("Code that pairs a phone")).toBeTruthy();
    expect(screen.getByText("No phone is paired.")).toBeTruthy();
  });
});
