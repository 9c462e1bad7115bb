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
