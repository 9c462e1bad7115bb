import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const bar = () => screen.getByRole("region", { name: "Chosen conversations" });

async function inbox() {
  const app = await renderApp("/inbox");
  await screen.findAllByRole("option");
  return app;
}

describe("many conversations at once", () => {
  it("chooses rows with x, says how many, and chooses none again", async () => {
    await inbox();
    press("j");
    await waitFor(() => expect(screen.getByRole("option", { selected: true })).toBeTruthy());

    press("x");
    expect(within(bar()).getByRole("status").textContent).toBe("1 chosen");
    expect(screen.getByRole("option", { selected: true }).textContent).toContain("Chosen.");
    fireEvent.click(within(bar()).getByRole("button", { name: "Choose none" }));

    expect(screen.queryByRole("region", { name: "Chosen conversations" })).toBeNull();
  });

  it("sends what is chosen, shows how far it is and offers to take it back", async () => {
    const { sent } = await inbox();
    press("j");
    await waitFor(() => expect(screen.getByRole("option", { selected: true })).toBeTruthy());
    press("x");

    fireEvent.click(within(bar()).getByRole("button", { name: "Mark as read" }));

    const progress = await screen.findByRole("region", { name: "Progress" });
    await waitFor(() =>
      expect(within(progress).getByRole("status").textContent).toBe("1 conversation changed."),
    );
    expect(sent("BulkStart")).toMatchObject([{ input: { kind: "READ" } }]);
    expect(screen.queryByRole("region", { name: "Chosen conversations" })).toBeNull();
    fireEvent.click(within(progress).getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(within(progress).getByRole("status").textContent).toBe("Taken back."));
  });
});

describe("the search field", () => {
  it("offers operators and puts the chosen one into the text", async () => {
    await inbox();
    const field = screen.getByRole("combobox", { name: "Search tickets…" });

    fireEvent.focus(field);
    fireEvent.change(field, { target: { value: "is", selectionStart: 2 } });
    const offer = await screen.findByRole("option", { name: /^is:/ });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "Enter" });

    expect(offer).toBeTruthy();
    await waitFor(() => expect((field as HTMLInputElement).value).toBe("is:"));
  });

  it("says which piece it does not understand", async () => {
    await renderApp("/inbox?q=is:lost");

    const problem = await screen.findByText("This operator does not know that value.");

    expect(problem.textContent).toContain("lost");
  });
});

describe("saved views", () => {
  it("saves a search under a name and shows it in the column", async () => {
    const { sent } = await renderApp("/inbox?q=zipper");
    await screen.findAllByRole("option");

    fireEvent.click(screen.getByRole("button", { name: "Save as a view" }));
    fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "Zippers" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByRole("link", { name: /Zippers/ })).toBeTruthy();
    expect(sent("InboxViewSave")).toMatchObject([
      { input: { name: "Zippers", query: "zipper", isShared: false } },
    ]);
  });
});
