import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

/** What Enter would do: the list's own options stand behind the palette. */
const chosen = (): string | null | undefined =>
  screen.getByRole("dialog", { name: "Commands" }).querySelector("[aria-selected=true]")?.textContent;

describe("the command palette", () => {
  it("opens with Ctrl+K from anywhere and goes where its words say", async () => {
    const { user } = await renderApp("/inbox");
    await screen.findByRole("listbox", { name: "Tickets" });

    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Commands" });
    await user.type(field, "all ret");
    expect(chosen()).toContain("All returns");
    await user.keyboard("{Enter}");

    expect(screen.queryByRole("combobox", { name: "Commands" })).toBeNull();
    await expect.poll(() => window.location.pathname).toBe("/returns");
  });

  it("opens the conversation of a number", async () => {
    const { user } = await renderApp("/inbox");
    await screen.findByRole("listbox", { name: "Tickets" });

    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Commands" }), "＃1001");
    expect(chosen()).toContain("Open conversation #1001");
    await user.keyboard("{Enter}");

    await expect.poll(() => window.location.pathname).toBe("/inbox/tickets/1001");
  });

  it("leaves Enter to the input method while a word is being composed", async () => {
    const { user } = await renderApp("/inbox");
    await screen.findByRole("listbox", { name: "Tickets" });

    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Commands" });
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229, isComposing: true });

    expect(field.isConnected).toBe(true);
  });
});
