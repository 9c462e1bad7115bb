import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { renderApp } from "@/testing/render-app";

async function save(name: string, query: string, more?: (dialog: HTMLElement) => Promise<void>) {
  fireEvent.click(screen.getByRole("button", { name: /Save as a view|Change this view/ }));
  const dialog = await screen.findByRole("dialog");
  fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: name } });
  fireEvent.change(within(dialog).getByLabelText("Filter"), { target: { value: query } });
  await more?.(dialog);
  fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await screen.findByRole("link", { name: new RegExp(name) });
}

const addColumn = (dialog: HTMLElement, name: string) => {
  const offered = within(dialog).getByLabelText("Add a column");
  const value = within(offered).getByRole("option", { name }).getAttribute("value");
  fireEvent.change(offered, { target: { value } });
};

/** A window in which a list with columns has room. */
function wide() {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (media) =>
      ({
        media,
        matches: media.includes("min-width"),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
}

afterEach(() => vi.restoreAllMocks());

async function inbox(path = "/inbox") {
  const app = await renderApp(path);
  await screen.findAllByRole("option");
  return app;
}

describe("saved views", () => {
  it("saves a search under a name and shows it in the column", async () => {
    const { sent } = await inbox("/inbox?q=zipper");

    await save("Zippers", "zipper");

    expect(sent("InboxViewSave")).toMatchObject([
      { input: { name: "Zippers", query: "zipper", isShared: false, teamId: null, columns: [] } },
    ]);
  });

  it("shares a view with one team, or with everybody", async () => {
    const { sent } = await inbox();

    await save("Night", "is:open", async (dialog) => {
      const sharing = within(dialog).getByLabelText("Who sees it");
      const team = await within(sharing).findByRole("option", { name: "The team Japan" });
      fireEvent.change(sharing, { target: { value: team.getAttribute("value") } });
    });
    await save("Night", "is:open", async (dialog) => {
      fireEvent.change(within(dialog).getByLabelText("Who sees it"), { target: { value: "all" } });
    });

    const inputs = sent("InboxViewSave").map(({ input }) => input as { isShared: boolean; teamId: string });
    expect(inputs.map(({ isShared, teamId }) => [isShared, teamId])).toEqual([
      [true, expect.stringMatching(/./)],
      [true, null],
    ]);
  });

  it("puts columns in order with keys alone, and keeps the focus on what moves", async () => {
    const { sent } = await inbox();

    await save("Table", "is:open", async (dialog) => {
      for (const name of ["Subject", "Tags", "Due"]) {
        addColumn(dialog, name);
      }
      const up = within(dialog).getByRole("button", { name: "Move Due up" });
      fireEvent.click(up);
      expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Move Due up" }));
      expect(within(dialog).getByText("Due: 2 of 3")).toBeTruthy();
      fireEvent.click(within(dialog).getByRole("button", { name: "Remove Tags" }));
    });

    expect(sent("InboxViewSave")).toMatchObject([{ input: { columns: ["SUBJECT", "DUE"] } }]);
  });

  it("shows a view's columns where there is room, until a conversation is opened", async () => {
    wide();
    const { sent } = await inbox();
    await save("Table", "is:open", async (dialog) => {
      for (const name of ["Number", "Customer", "In charge"]) {
        addColumn(dialog, name);
      }
    });

    const row = await waitFor(() => {
      const [first] = screen.getAllByRole("option");
      expect(first?.textContent).toMatch(/^Number: #\d+Customer: .+In charge: /);
      return first as HTMLElement;
    });
    expect(sent("InboxCells")).toEqual([]);
    fireEvent.click(row);
    await waitFor(() => expect(screen.getAllByRole("option")[0]?.textContent).not.toContain("Customer: "));
  });

  it("asks for what rows do not know only where a column shows it", async () => {
    wide();
    const { sent } = await inbox();

    await save("Urgent", "is:open", async (dialog) => addColumn(dialog, "Priority"));

    await waitFor(() => expect(sent("InboxCells")).toHaveLength(1));
    await waitFor(() => expect(screen.getAllByRole("option")[0]?.textContent).toMatch(/^Priority: \S+/));
  });

  it("are arranged by buttons and by dragging", async () => {
    const { sent } = await inbox();
    await save("First", "is:open");
    fireEvent.click(screen.getByRole("link", { name: /All open/ }));
    await save("Second", "is:unread");

    fireEvent.click(screen.getByRole("button", { name: "Arrange views" }));
    const dialog = await screen.findByRole("dialog", { name: "Arrange views" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Move Second up" }));
    await waitFor(() => expect(sent("InboxViewsSort")).toHaveLength(1));
    const names = () =>
      within(dialog)
        .getAllByRole("listitem")
        .map(({ textContent }) => textContent);
    expect(names()[0]).toContain("Second");
    const [one, other] = within(dialog).getAllByRole("listitem") as [HTMLElement, HTMLElement];
    const dataTransfer = { setData: () => undefined, effectAllowed: "" };
    fireEvent.dragStart(one, { dataTransfer });
    fireEvent.dragOver(other, { dataTransfer });
    fireEvent.drop(other, { dataTransfer });

    await waitFor(() => expect(sent("InboxViewsSort")).toHaveLength(2));
    await waitFor(() => expect(names()[0]).toContain("First"));
  });
});
