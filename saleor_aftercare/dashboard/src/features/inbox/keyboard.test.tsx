import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { availableCommands, knownCommands } from "@/lib/commands";
import { renderApp } from "@/testing/render-app";

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const openTicket = async (number = 4018) => {
  const app = await renderApp(`/inbox/tickets/${number}`);
  await screen.findByRole("heading", { level: 1 });
  await screen.findByRole("combobox", { name: "Priority" });
  return app;
};

describe("the keys of the inbox", () => {
  it("has the whole map with an open conversation, and no key for two things", async () => {
    await openTicket();

    const bound = availableCommands().flatMap(({ id, keys }) =>
      (keys ?? []).map((key) => [key, id] as const),
    );
    const twice = bound.filter(([key], at) => bound.findIndex(([other]) => other === key) !== at);
    const known = new Set(knownCommands().flatMap(({ keys }) => keys ?? []));

    expect(twice).toEqual([]);
    for (const key of "j k Enter o Escape x X r n a m s p l h e # w M / [ ] . ? Mod+k Mod+Enter Mod+Shift+Enter".split(
      " ",
    )) {
      expect(known, key).toContain(key);
    }
    for (const key of ["g i", "g m", "g u", "g r", "g p"]) {
      expect(known, key).toContain(key);
    }
  });

  it("opens the states with s, and goes to priority and tags with p and l", async () => {
    await openTicket();

    press("p");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("combobox", { name: "Priority" })),
    );
    press("l");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("combobox", { name: "Add a tag" })),
    );
    press("s");
    const menu = await screen.findByRole("menu");
    expect(within(menu).getByRole("menuitem", { name: /Wait for customer/ })).toBeTruthy();
  });

  it("reopens with Shift and E", async () => {
    const { sent } = await openTicket();
    press("e");
    await screen.findByRole("button", { name: "Reopen" });

    press("E");

    await waitFor(() => expect(sent("InboxUpdate").at(-1)).toMatchObject({ input: { action: "reopen" } }));
  });

  it("keeps single keys switched off when the frame is loaded anew", async () => {
    const { sent, user, unmount, world } = await renderApp("/inbox");
    await screen.findAllByRole("option");
    press("?");
    const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    await user.click(within(sheet).getByRole("checkbox"));
    await waitFor(() => expect(sent("KeyboardUpdate")).toEqual([{ singleKeys: false }]));
    expect(world.singleKeys).toBe(false);
    unmount();

    await renderApp("/inbox", (next) => {
      next.singleKeys = world.singleKeys;
    });
    await screen.findAllByRole("option");
    press("j");

    expect(screen.queryByRole("option", { selected: true })).toBeNull();
  });
});
