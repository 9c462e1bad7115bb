import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const open = async (number: number) => {
  const app = await renderApp(`/inbox/tickets/${number}`);
  await screen.findByRole("region", { name: "Properties" });
  return app;
};
const head = () => within(screen.getByRole("heading", { level: 1 }).closest("header") as HTMLElement);
const panel = () => within(screen.getByRole("region", { name: "Properties" }));

describe("what a conversation says of itself", () => {
  it("takes another priority at once, and shows it beside the subject", async () => {
    const { sent } = await open(4021);

    fireEvent.change(await panel().findByRole("combobox", { name: "Priority" }), {
      target: { value: "URGENT" },
    });

    await waitFor(() => expect(head().getByText("Urgent")).toBeTruthy());
    expect(sent("TicketChange").at(-1)).toMatchObject({ input: { priority: "URGENT" } });
  });

  it("suggests tags while one types, makes new ones, and takes them off again", async () => {
    const { sent } = await open(4021);
    const field = await panel().findByRole("combobox", { name: "Add a tag" });

    fireEvent.focus(field);
    expect(await panel().findByRole("option", { name: "Fragile" })).toBeTruthy();
    fireEvent.change(field, { target: { value: "Glass" } });
    fireEvent.keyDown(field, { key: "ArrowUp" });
    fireEvent.keyDown(field, { key: "Enter" });

    const off = await panel().findByRole("button", { name: "Take off Glass" });
    expect(sent("TicketChange").at(-1)).toMatchObject({ input: { addTags: ["Glass"] } });
    fireEvent.click(off);
    await waitFor(() => expect(panel().queryByRole("button", { name: "Take off Glass" })).toBeNull());
  });

  it("does not take Enter for a choice while Japanese is being composed", async () => {
    const { sent } = await open(4021);
    const field = await panel().findByRole("combobox", { name: "Add a tag" });

    fireEvent.focus(field);
    fireEvent.change(field, { target: { value: "がらす" } });
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });

    expect(sent("TicketChange")).toEqual([]);
  });

  it("fills in a field of the shop's own", async () => {
    const { sent } = await open(4021);

    fireEvent.change(await panel().findByRole("combobox", { name: "Cause" }), {
      target: { value: "transport" },
    });

    await waitFor(() =>
      expect(sent("TicketChange").at(-1)).toMatchObject({
        input: { fields: [{ key: "cause", value: "transport" }] },
      }),
    );
  });
});

describe("what is done with a conversation as a whole", () => {
  it("is put off with h, to one of the usual moments", async () => {
    const { sent } = await open(4021);

    fireEvent.keyDown(document.body, { key: "h" });
    const dialog = await screen.findByRole("dialog", { name: "Put off until …" });
    fireEvent.click(await within(dialog).findByRole("button", { name: /Tomorrow morning/ }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("TicketSnooze")).toHaveLength(1);
    expect(head().getByText("Snoozed")).toBeTruthy();
  });

  it("is merged with another by number only when different customers are meant, and parted again", async () => {
    const { sent } = await open(4021);
    fireEvent.click(screen.getByRole("button", { name: "More actions" }));
    fireEvent.click(screen.getByRole("menuitem", { name: /Merge with others/ }));
    const dialog = within(await screen.findByRole("dialog", { name: "Merge into #4021" }));

    fireEvent.change(dialog.getByRole("textbox", { name: "Another conversation by its number" }), {
      target: { value: "#4020" },
    });
    fireEvent.click(dialog.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(dialog.getByRole("checkbox", { checked: true })).toBeTruthy());
    fireEvent.click(dialog.getByRole("button", { name: "Merge" }));
    fireEvent.click(await dialog.findByRole("checkbox", { name: /different customers/ }));
    fireEvent.click(dialog.getByRole("button", { name: "Merge" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("TicketsMerge").map((one) => one.acrossCustomers)).toEqual([false, true]);
    fireEvent.click(await panel().findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(panel().queryByRole("button", { name: "Undo" })).toBeNull());
  });

  it("keeps at least one message when others are split off", async () => {
    const { sent } = await open(4021);
    fireEvent.click(screen.getByRole("button", { name: "More actions" }));
    fireEvent.click(screen.getByRole("menuitem", { name: /Split off messages/ }));
    const dialog = within(await screen.findByRole("dialog", { name: "Split off messages of #4021" }));

    const boxes = dialog.getAllByRole("checkbox");
    for (const box of boxes) {
      fireEvent.click(box);
    }
    expect(dialog.getByRole("button", { name: "Split off" })).toHaveProperty("disabled", true);
    fireEvent.click(boxes[0] as HTMLElement);
    fireEvent.click(dialog.getByRole("button", { name: "Split off" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("TicketSplit")[0]?.messageIds).toHaveLength(boxes.length - 1);
  });
});

describe("who writes", () => {
  it("is marked as a VIP, and has a note that everybody sees", async () => {
    await open(4021);

    fireEvent.click(await screen.findByRole("button", { name: "Mark as VIP" }));
    expect(await screen.findByRole("button", { name: "No VIP any more" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Edit the customer" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Edit the customer" }));
    fireEvent.change(dialog.getByRole("textbox", { name: "Note for the team" }), {
      target: { value: "Prefers calls." },
    });
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("Prefers calls.")).toBeTruthy();
  });
});
