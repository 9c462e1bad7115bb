import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const labels = (links: readonly HTMLElement[]) => links.map((link) => link.textContent);

describe("somebody whose role does not open everything", () => {
  it("is offered only the settings that are theirs, and is led to the first of them", async () => {
    await renderApp("/settings", (world) => {
      world.rooms = ["CASES", "DESK"];
    });

    await waitFor(() => expect(window.location.pathname).toBe("/settings/replies"));
    const nav = screen.getByRole("navigation", { name: "Settings" });
    expect(labels(within(nav).getAllByRole("link"))).toEqual([
      "Canned replies",
      "Your writing",
      "Notice settings",
    ]);
  });

  it("is told why a page that a link led to is not shown, and where they may go", async () => {
    await renderApp("/settings/rules/rule-1", (world) => {
      world.rooms = ["CASES", "DESK"];
    });

    expect(
      await screen.findByRole("heading", { name: "Your role does not open this page", level: 1 }),
    ).toBeTruthy();
    const ways = screen.getByRole("navigation", { name: "What you can open" });
    expect(labels(within(ways).getAllByRole("link"))).toEqual(["Inbox", "All returns", "Settings"]);
  });

  it("finds the way from the inbox, which is closed to the warehouse, to where goods come in", async () => {
    const { user } = await renderApp("/inbox", (world) => {
      world.rooms = ["CASES", "DOCK"];
    });

    const ways = await screen.findByRole("navigation", { name: "What you can open" });
    expect(labels(within(ways).getAllByRole("link"))).toEqual([
      "Receiving",
      "Packing table",
      "All returns",
      "Settings",
    ]);
    await user.click(within(ways).getByRole("link", { name: "Receiving" }));
    await expect.poll(() => window.location.pathname).toBe("/receiving");
  });

  it("needs Saleor's permission as well as the role", async () => {
    await renderApp("/settings/team", (world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    expect(await screen.findByRole("heading", { name: "Your role does not open this page" })).toBeTruthy();
    const nav = screen.getByRole("navigation", { name: "Settings" });
    expect(within(nav).queryByRole("link", { name: "Team and roles" })).toBeNull();
    expect(within(nav).getByRole("link", { name: "Rules" })).toBeTruthy();
  });

  it("sees nothing in the palette, the sidebar and the menu that is closed to them", async () => {
    const { user } = await renderApp("/inbox", (world) => {
      world.rooms = ["CASES", "DESK"];
    });
    await screen.findByRole("listbox", { name: "Tickets" });
    const views = screen.getByRole("navigation", { name: "Views" });
    await waitFor(() => expect(within(views).queryByRole("link", { name: "Receiving" })).toBeNull());
    expect(within(views).getByRole("link", { name: "All returns" })).toBeTruthy();

    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Commands" });
    const palette = within(screen.getByRole("dialog", { name: "Commands" }));
    await user.type(field, "channels");
    expect(palette.queryByRole("option", { name: /^Channels/ })).toBeNull();
    await user.clear(field);
    await user.type(field, "canned");
    expect(palette.getByRole("option", { name: /^Canned replies/ })).toBeTruthy();
  });
});
