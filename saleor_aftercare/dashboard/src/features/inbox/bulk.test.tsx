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

async function chosen(count: number) {
  const app = await inbox();
  for (let n = 0; n < count; n += 1) {
    press("j");
    await waitFor(() =>
      expect(screen.getAllByRole("option").findIndex((row) => row.ariaSelected === "true")).toBe(n),
    );
    press("x");
  }
  return app;
}

describe("a team for many", () => {
  it("puts what is chosen into a queue, or into nobody's", async () => {
    const { sent } = await chosen(2);

    fireEvent.click(within(bar()).getByRole("button", { name: "Team" }));
    fireEvent.click(await within(bar()).findByRole("menuitem", { name: "Japan" }));

    await waitFor(() => expect(sent("BulkStart")).toMatchObject([{ input: { kind: "TEAM" } }]));
    expect(sent("BulkStart")).toMatchObject([{ input: { teamId: expect.stringMatching(/./) } }]);
  });
});

describe("many that become one", () => {
  it("asks which one goes on, the oldest unless somebody says otherwise", async () => {
    const { sent } = await chosen(2);

    fireEvent.click(within(bar()).getByRole("button", { name: "Merge into one" }));
    const name = "Merge 2 conversations into one";
    const dialog = await screen.findByRole("dialog", { name }, { timeout: 4_000 });
    const choices = within(dialog).getAllByRole("radio");
    expect((choices[0] as HTMLInputElement).checked).toBe(true);
    fireEvent.click(choices[1] as HTMLElement);
    fireEvent.click(within(dialog).getByRole("button", { name: "Merge" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const [{ input, selection }] = sent("BulkStart") as [{ input: object; selection: { ids: string[] } }];
    expect(input).toMatchObject({ kind: "MERGE", acrossCustomers: false });
    expect(selection.ids).toContain((input as { keepId: string }).keepId);
  });

  it("is offered for two or more", async () => {
    await chosen(1);

    expect(
      (within(bar()).getByRole("button", { name: "Merge into one" }) as HTMLButtonElement).disabled,
    ).toBe(true);
  });
});

describe("a macro for many", () => {
  it("is worked out first, shown with its money and what is refused, and done when somebody says so", async () => {
    const { sent } = await chosen(3);

    fireEvent.click(within(bar()).getByRole("button", { name: "Run a macro" }));
    fireEvent.click(await screen.findByRole("button", { name: "Approve and answer" }));
    const plan = await screen.findByRole("dialog", { name: "Settle and thank" }, { timeout: 4_000 });

    expect(await within(plan).findByText("€80.00 will be given in all.")).toBeTruthy();
    expect(within(plan).getByText("None of this can be taken back.")).toBeTruthy();
    expect(within(plan).getByText("2 customers get an answer.")).toBeTruthy();
    expect(within(plan).getByText("Settle the return: above your limit")).toBeTruthy();
    expect(sent("BulkConfirm")).toEqual([]);
    fireEvent.click(within(plan).getByRole("button", { name: "Run on 2 and give €80.00" }));

    const progress = await screen.findByRole("region", { name: "Progress" });
    await waitFor(() =>
      expect(within(progress).getByRole("status").textContent).toBe(
        "2 conversations changed. 1 could not be changed, or not wholly.",
      ),
    );
    expect(sent("BulkConfirm")).toEqual([{ id: "BulkAction:1" }]);
    expect(screen.queryByRole("region", { name: "Chosen conversations" })).toBeNull();
  });

  it("can be discarded, and what was chosen stays chosen", async () => {
    const { sent } = await chosen(2);

    fireEvent.click(within(bar()).getByRole("button", { name: "Run a macro" }));
    fireEvent.click(await screen.findByRole("button", { name: "Approve and answer" }));
    const plan = await screen.findByRole("dialog", { name: "Settle and thank" }, { timeout: 4_000 });
    fireEvent.click(within(plan).getByRole("button", { name: "Not yet" }));
    fireEvent.click(await screen.findByRole("button", { name: "Discard" }));

    await waitFor(() => expect(sent("BulkStop")).toEqual([{ id: "BulkAction:1" }]));
    expect(sent("BulkConfirm")).toEqual([]);
    expect(within(bar()).getByText("2 chosen")).toBeTruthy();
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
