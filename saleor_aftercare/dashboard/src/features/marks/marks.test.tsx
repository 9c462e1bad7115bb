import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const open = async () => {
  const app = await renderApp("/settings/marks");
  await screen.findByRole("heading", { level: 1, name: "Tags and fields" });
  return app;
};

describe("tags and fields of a shop", () => {
  it("gives a tag another name and hue", async () => {
    const { sent } = await open();

    fireEvent.click(await screen.findByRole("button", { name: "Edit Fragile" }));
    const dialog = within(await screen.findByRole("dialog"));
    fireEvent.change(dialog.getByRole("textbox", { name: "Name" }), { target: { value: "Glass" } });
    fireEvent.change(dialog.getByRole("combobox", { name: "Colour" }), { target: { value: "error" } });
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));

    expect(await screen.findByRole("button", { name: "Edit Glass" })).toBeTruthy();
    expect(sent("MarkTagSave")).toEqual([{ id: "VGFnOjE=", name: "Glass", color: "error" }]);
  });

  it("adds a choice with options in two languages, and says which field is wrong", async () => {
    const { sent } = await open();

    fireEvent.click(await screen.findByRole("button", { name: "Add a field" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Add a field" }));
    fireEvent.change(dialog.getByRole("textbox", { name: "Name in English" }), {
      target: { value: "Line" },
    });
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("Lower-case letters");

    fireEvent.change(dialog.getByRole("textbox", { name: "Key" }), { target: { value: "line" } });
    fireEvent.change(dialog.getByRole("combobox", { name: "Kind" }), { target: { value: "CHOICE" } });
    fireEvent.click(dialog.getByRole("button", { name: "Add an option" }));
    fireEvent.change(dialog.getByRole("textbox", { name: "Option 1 in English" }), {
      target: { value: "Kitchen" },
    });
    fireEvent.change(dialog.getByRole("textbox", { name: "Option 1 in Japanese" }), {
      target: { value: "キッチン" },
    });
    fireEvent.click(dialog.getByRole("checkbox", { name: "Required to solve" }));
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("MarkFieldSave").at(-1)).toMatchObject({
      id: null,
      input: {
        key: "line",
        kind: "CHOICE",
        requiredToSolve: true,
        options: [
          {
            value: "Kitchen",
            labels: [
              { language: "en", text: "Kitchen" },
              { language: "ja", text: "キッチン" },
            ],
          },
        ],
      },
    });
    expect(await screen.findByRole("button", { name: "Edit Line" })).toBeTruthy();
  });

  it("archives a field, which stays where it was filled in", async () => {
    await open();
    const row = (await screen.findByRole("button", { name: "Edit Cause" })).closest("li") as HTMLElement;

    fireEvent.click(within(row).getByRole("button", { name: "Archive" }));

    expect(await screen.findByRole("button", { name: "Bring back" })).toBeTruthy();
  });

  it("is only read by those who may not change the settings", async () => {
    await renderApp("/settings/marks", (world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    expect(await screen.findByText("Fragile")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Edit Fragile" })).toBeNull();
  });
});
