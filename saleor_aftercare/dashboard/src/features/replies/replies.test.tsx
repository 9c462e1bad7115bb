import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("canned replies and macros in the settings", () => {
  it("lists canned replies by folder and saves a changed one", async () => {
    const { user, world, sent } = await renderApp("/settings/replies");
    await user.click(await screen.findByRole("button", { name: /The label is on its way/ }));
    const title = await screen.findByLabelText("What it is for");
    expect((screen.getByLabelText("Japanese") as HTMLTextAreaElement).value).toContain("様");

    await user.clear(title);
    await user.type(title, "Label sent");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(world.canned.some((one) => one.title === "Label sent")).toBe(true));
    expect(sent("RepliesCannedSave")[0]?.input).toMatchObject({
      id: "canned-1",
      version: 1,
      shortcut: "label",
    });
  });

  it("says at its field what the service refuses", async () => {
    const { user } = await renderApp("/settings/replies/new");

    await user.type(await screen.findByLabelText("What it is for"), "Another");
    await user.type(screen.getByLabelText("Shortcut, typed after “/”"), "label");
    await user.type(screen.getByLabelText("English"), "Hello");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(screen.getByLabelText("Shortcut, typed after “/”").getAttribute("aria-invalid")).toBe("true"),
    );
  });

  it("offers the export to those who may take lists out", async () => {
    const office = await renderApp("/settings/replies");
    await office.user.click(await screen.findByRole("button", { name: "Export as CSV" }));
    await waitFor(() => expect(office.sent("RepliesCannedExport")).toHaveLength(1));
  });

  it("shows what a table brings before it is brought", async () => {
    const { user, world, sent } = await renderApp("/settings/replies");
    const [known] = world.canned.map((one) => ({ ...one, id: "canned-9", title: "From the table" }));
    world.cannedTable.rows.push(...(known ? [known] : []));
    const file = new File(["shortcut,title,text_en"], "replies.csv", { type: "text/csv" });

    await user.click(await screen.findByRole("button", { name: "Import CSV…" }));
    expect((screen.getByRole("button", { name: "Import" }) as HTMLButtonElement).disabled).toBe(true);
    await user.upload(screen.getByLabelText("CSV file (UTF-8 or Shift_JIS)"), file);
    expect(await screen.findByText(/1 new · none changed/)).toBeTruthy();
    expect(world.canned.some(({ id }) => id === "canned-9")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Import 1 reply" }));

    expect(await screen.findByText("From the table")).toBeTruthy();
    expect(sent("RepliesCannedImport").map(({ dryRun }) => dryRun)).toEqual([true, false]);
  });

  it("names line and column of what is wrong in a table, and brings nothing", async () => {
    const { user, world } = await renderApp("/settings/replies");
    world.cannedTable.problems.push({ line: 3, column: "title", message: "Please fill in this field." });

    await user.click(await screen.findByRole("button", { name: "Import CSV…" }));
    await user.upload(
      screen.getByLabelText("CSV file (UTF-8 or Shift_JIS)"),
      new File(["x"], "replies.csv", { type: "text/csv" }),
    );

    expect(await screen.findByText("Line 3, title: Please fill in this field.")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Import" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("makes a macro of several steps in the order that was chosen", async () => {
    const { user, sent } = await renderApp("/settings/macros/new");
    await user.type(await screen.findByLabelText("Name"), "Thank and solve");
    await user.type(screen.getByLabelText("English"), "Thank you!");

    await user.click(screen.getByRole("button", { name: "Add a step" }));
    const [, second] = screen.getAllByLabelText("Step");
    await user.selectOptions(second as HTMLElement, "STATE");
    await user.click(screen.getByRole("button", { name: "Move up: Change the state" }));
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("RepliesMacroSave")[0]?.input).toMatchObject({
        name: "Thank and solve",
        steps: [
          { do: "STATE", values: ["solve"] },
          {
            do: "REPLY",
            texts: [
              { language: "en", text: "Thank you!" },
              { language: "ja", text: "" },
            ],
          },
        ],
      }),
    );
  });

  it("gives a share of the price, or an amount of a currency", async () => {
    const { user, sent } = await renderApp("/settings/macros/new");
    await user.type(await screen.findByLabelText("Name"), "Sorry");
    await user.selectOptions(screen.getByLabelText("Step"), "GIVE_CREDIT");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sent("RepliesMacroSave")[0]?.input).toMatchObject({
        steps: [{ do: "GIVE_CREDIT", values: ["10", "%"] }],
      }),
    );
  });

  it("writes currencies in capitals", async () => {
    const { user, sent } = await renderApp("/settings/macros/new");
    await user.type(await screen.findByLabelText("Name"), "Sorry");
    await user.selectOptions(screen.getByLabelText("Step"), "GIVE_REFUND");
    const unit = screen.getByLabelText("Currency (such as EUR), or % of the order");
    await user.clear(unit);
    await user.type(unit, "eur");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sent("RepliesMacroSave")[0]?.input).toMatchObject({
        steps: [{ do: "GIVE_REFUND", values: ["10", "EUR"] }],
      }),
    );
  });
});
