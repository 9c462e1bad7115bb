import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { call, callsIn } from "@/testing/mock/calls";
import { renderApp } from "@/testing/render-app";

describe("the telephone log", () => {
  it("notes a call with whoever is known by the number", async () => {
    const { user, sent } = await renderApp("/inbox/calls");
    await user.click(await screen.findByRole("button", { name: "Note a call" }));
    const dialog = await screen.findByRole("dialog", { name: "Note a call" });

    await user.type(within(dialog).getByLabelText("Telephone number (optional)"), "03-1234-5678");
    expect(await within(dialog).findByText("山田 花子")).toBeTruthy();
    expect(within(dialog).getByText("2 orders")).toBeTruthy();
    await user.type(within(dialog).getByLabelText("Minutes (optional)"), "2.5");
    await user.type(within(dialog).getByLabelText("What was said (optional)"), "Wants a blue one.");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("CallLog")).toEqual([
        {
          input: {
            isInbound: true,
            number: "03-1234-5678",
            outcome: "ANSWERED",
            durationSeconds: 150,
            note: "Wants a blue one.",
            callBackAt: null,
            ticketId: null,
          },
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says beside the field what cannot be noted, and keeps what was typed", async () => {
    const { user } = await renderApp("/inbox/calls");
    await user.click(await screen.findByRole("button", { name: "Note a call" }));
    const number = screen.getByLabelText("Telephone number (optional)");
    await user.type(number, "x");
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("Not a telephone number.")).toBeTruthy();
    expect((number as HTMLInputElement).value).toBe("x");
  });

  it("shows who rings now, and whom to call back until it is done", async () => {
    const { user, world } = await renderApp("/inbox");
    callsIn(world).push(
      call({ id: "1", outcome: null, durationSeconds: null, ticket: null }),
      call({ id: "2", callBackAt: "2026-11-20T02:00:00Z" }),
    );
    await user.click(await screen.findByRole("link", { name: "Calls" }));

    expect(await screen.findByText("Rings")).toBeTruthy();
    const list = await screen.findByRole("list", { name: "To call back" });
    await user.click(within(list).getByRole("button", { name: "Done" }));

    expect(await screen.findByText("Nobody waits for a call.")).toBeTruthy();
  });
});
