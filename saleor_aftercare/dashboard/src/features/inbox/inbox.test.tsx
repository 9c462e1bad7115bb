import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "@/testing/render-app";

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const selected = () =>
  within(screen.getByRole("listbox", { name: "Tickets" })).getByRole("option", { selected: true });

describe("the inbox", () => {
  it("boots with one request and shows the first page in its order", async () => {
    const { fetched } = await renderApp("/inbox");

    const options = await screen.findAllByRole("option");

    expect(fetched).toHaveBeenCalledTimes(1);
    expect(options[0]?.textContent).toContain("Jade Guerrero");
    expect(options[0]?.getAttribute("aria-posinset")).toBe("1");
    expect(Number(options[0]?.getAttribute("aria-setsize"))).toBeGreaterThan(100);
    expect(screen.getByRole("link", { name: /Overdue/ }).textContent).toContain("1");
  });

  it("steps with j and k, opens the ticket and never leaves the list's ends", async () => {
    await renderApp("/inbox");
    await screen.findAllByRole("option");

    press("j");
    await waitFor(() => expect(selected().textContent).toContain("Jade Guerrero"));
    expect(await screen.findByRole("heading", { name: "Zipper broke after two weeks" })).toBeTruthy();
    press("j");
    await waitFor(() => expect(selected().textContent).toContain("山田 花子"));
    expect(window.location.pathname).toBe("/inbox/tickets/4020");
    press("k");
    press("k");
    await waitFor(() => expect(selected().textContent).toContain("Jade Guerrero"));
  });

  it("shows each message in its own kind and language", async () => {
    await renderApp("/inbox/tickets/4021");

    const note = await screen.findByRole("article", { name: "Internal note by Mika Berg" });
    expect(within(note).getByText("Internal note")).toBeTruthy();
    const reply = screen.getByRole("article", { name: "Reply by Aki Tanaka" });
    expect(within(reply).getByText("Sent by e-mail")).toBeTruthy();
    expect(screen.getByText("Return R-118 was requested")).toBeTruthy();
  });

  it("explains a reply that could not be mailed", async () => {
    await renderApp("/inbox/tickets/4011");

    const reply = await screen.findByRole("article", { name: "Reply by Mika Berg" });

    expect(within(reply).getByRole("alert").textContent).toContain("550 No such mailbox");
  });

  it("assigns to me with m, at once on the screen", async () => {
    const { world, sent } = await renderApp("/inbox/tickets/4018");
    await screen.findByRole("heading", { name: "Kettle leaks at the base" });

    press("m");

    await waitFor(() => expect(screen.getByRole("button", { name: /assigned to you/ })).toBeTruthy());
    await waitFor(() => expect(world.tickets.find((one) => one.number === 4018)?.assignee).toBe(world.me));
    expect(sent("InboxAssign")[0]).toMatchObject({ toMe: true });
  });

  it("takes an assignment back when the server refuses it", async () => {
    const { server, world, dashboard } = await renderApp("/inbox/tickets/4018");
    await screen.findByRole("heading", { name: "Kettle leaks at the base" });
    world.tickets.splice(0, world.tickets.length);
    vi.spyOn(server.world, "touch");

    press("m");

    await waitFor(() => expect(dashboard.payloads("notification")).toHaveLength(1));
    expect(dashboard.payloads("notification")[0]).toMatchObject({
      status: "error",
      text: "There is no such ticket",
    });
    expect(screen.queryByRole("button", { name: /assigned to you/ })).toBeNull();
  });

  it("solves with e only what the workflow lets be solved", async () => {
    const { sent } = await renderApp("/inbox/tickets/4018");
    await screen.findByRole("heading", { name: "Kettle leaks at the base" });

    press("e");
    await waitFor(() =>
      expect(sent("InboxUpdate")).toEqual([expect.objectContaining({ input: { action: "solve" } })]),
    );
    await screen.findByRole("button", { name: "Reopen" });
    press("e");

    expect(sent("InboxUpdate")).toHaveLength(1);
  });

  it("marks a ticket read once it has been open for a second", async () => {
    const { sent } = await renderApp("/inbox/tickets/4021");
    await screen.findByRole("heading", { name: "Zipper broke after two weeks" });
    expect(sent("InboxMarkRead")).toEqual([]);

    await waitFor(() => expect(sent("InboxMarkRead")).toHaveLength(1), { timeout: 2_000 });
  });

  it("shows what somebody else wrote at the next poll", async () => {
    const { world } = await renderApp("/inbox/tickets/4018");
    await screen.findByRole("heading", { name: "Kettle leaks at the base" });
    const ticket = world.tickets.find((one) => one.number === 4018);

    act(() => {
      ticket?.thread.push(world.message("NOTE", world.mika, 0, "I have a spare base."));
      if (ticket) {
        world.touch(ticket);
      }
    });

    expect(await screen.findByText("I have a spare base.", {}, { timeout: 7_000 })).toBeTruthy();
  }, 10_000);

  it("opens the cheat sheet with ?, where single keys can be switched off", async () => {
    const { user } = await renderApp("/inbox");
    await screen.findAllByRole("option");

    press("?");
    const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    await user.click(within(sheet).getByRole("checkbox"));
    await user.click(within(sheet).getByRole("button", { name: "Close" }));
    press("j");

    expect(screen.queryByRole("option", { selected: true })).toBeNull();
  });

  it("speaks Japanese when the Dashboard does", async () => {
    const { dashboard } = await renderApp("/inbox");
    await screen.findAllByRole("option");

    act(() => dashboard.push("localeChanged", { locale: "ja" }));

    expect(await screen.findByRole("heading", { name: "受信トレイ", level: 2 })).toBeTruthy();
    expect(document.documentElement.lang).toBe("ja");
  });
});
