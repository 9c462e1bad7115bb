import { act, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard, serve, staffToken } from "@/testing/dashboard";

describe("the app in its frame", () => {
  beforeEach(() => vi.resetModules());

  it("shows nothing but an empty frame until the Dashboard has answered, and explains after five seconds", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    new FakeDashboard("/inbox");
    const { App } = await import("./app");
    const { container } = render(<App />);
    await waitFor(() => expect(container.querySelector("[aria-busy=true]")).toBeTruthy());
    expect(container.textContent).toBe("");

    await act(() => vi.advanceTimersByTimeAsync(5_000));

    expect(screen.getByRole("heading", { name: "The Saleor Dashboard does not answer" })).toBeTruthy();
    expect(screen.getByText(/Referrer-Policy: no-referrer/)).toBeTruthy();
  });

  it("says where to find it when it was opened on its own", async () => {
    new FakeDashboard("/inbox");
    Object.defineProperty(window, "parent", { configurable: true, value: window });
    const { App } = await import("./app");

    render(<App />);

    expect(
      await screen.findByRole("heading", { name: "Open Aftercare from your Saleor Dashboard" }),
    ).toBeTruthy();
  });

  it("asks for a reload of the tab, not of itself, when the session is over", async () => {
    const { renderApp } = await import("@/testing/render-app");
    const { server, dashboard } = await renderApp("/inbox/tickets/4018");
    await screen.findByRole("heading", { name: "Kettle leaks at the base" });
    const later = staffToken(2);
    server.expired.add(staffToken(1)).add(later);

    act(() => document.dispatchEvent(new Event("visibilitychange")));
    await act(async () => dashboard.refreshToken(2));

    expect(
      await screen.findByText(/Your session has ended. Reload this browser tab/, {}, { timeout: 8_000 }),
    ).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Kettle leaks at the base" })).toBeTruthy();
  });

  it("tells somebody without permission what is missing", async () => {
    new FakeDashboard("/inbox");
    serve(async () =>
      Response.json({ errors: [{ message: "No", extensions: { code: "PERMISSION_DENIED" } }] }),
    );
    const { App } = await import("./app");
    const { startBridge } = await import("@/lib/bridge");
    render(<App />);
    await act(async () => startBridge());

    expect(await screen.findByText(/Your role, or your permissions in Saleor/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("offers a way on from an address that does not exist", async () => {
    const { renderApp } = await import("@/testing/render-app");
    const { user } = await renderApp("/inbox/nothing/here");

    await user.click(await screen.findByRole("button", { name: "Go to the inbox" }));

    await waitFor(() => expect(window.location.pathname).toBe("/inbox"));
  });
});
