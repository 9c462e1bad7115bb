import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const rowOf = async (number: number) =>
  (await screen.findByText(`#${number}`)).closest("[role=option]") as HTMLElement;

describe("a row of the list", () => {
  it("shows who else is looking or writing there, after the next poll", async () => {
    const { world } = await renderApp("/inbox");
    const row = await rowOf(4018);
    const ticket = world.tickets.find((one) => one.number === 4018);

    act(() => {
      world.presence.push({ ticketId: ticket?.id ?? "", isWriting: true, member: world.mika });
    });

    await waitFor(() => expect(within(row).getByText("MB")).toBeTruthy(), { timeout: 7_000 });
    expect(within(row).getByText("Mika Berg is writing an answer")).toBeTruthy();
    expect(within(await rowOf(4021)).queryByText("MB")).toBeNull();
  }, 10_000);

  it("says so when nobody knows who writes", async () => {
    const { world } = await renderApp("/inbox", (before) => {
      const ticket = before.tickets.find((one) => one.number === 4018);
      Object.assign(ticket?.person ?? {}, { name: "", email: "" });
    });

    expect(within(await rowOf(4018)).getByText("Unknown")).toBeTruthy();
    expect(world.tickets.length).toBeGreaterThan(1);
  });
});
