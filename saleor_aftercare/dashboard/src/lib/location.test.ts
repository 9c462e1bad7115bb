import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard } from "@/testing/dashboard";

describe("navigate", () => {
  let dashboard: FakeDashboard;
  let place: typeof import("./location");
  let bridge: typeof import("./bridge");

  beforeEach(async () => {
    vi.resetModules();
    vi.useFakeTimers();
    dashboard = new FakeDashboard("/inbox");
    bridge = await import("./bridge");
    place = await import("./location");
    bridge.startBridge();
  });

  it("replaces the frame's history entry and keeps what the Dashboard put in the address", () => {
    const before = window.history.length;

    place.navigate("/inbox/tickets/4021?view=overdue");

    expect(window.history.length).toBe(before);
    expect(window.location.pathname).toBe("/inbox/tickets/4021");
    const params = new URLSearchParams(window.location.search);
    expect(params.get("view")).toBe("overdue");
    expect(params.get("saleorApiUrl")).toBe("https://api.test/graphql/");
    expect(params.get("id")).toBe("QXBwOjI=");
  });

  it("tells the Dashboard only where somebody rested, and only our own part of the address", async () => {
    place.navigate("/inbox/tickets/1");
    await vi.advanceTimersByTimeAsync(300);
    place.navigate("/inbox/tickets/2");
    await vi.advanceTimersByTimeAsync(300);
    place.navigate("/inbox/tickets/3?view=all");
    await vi.advanceTimersByTimeAsync(799);
    expect(dashboard.payloads("updateRouting")).toEqual([]);

    await vi.advanceTimersByTimeAsync(1);

    expect(dashboard.payloads("updateRouting")).toEqual([{ newRoute: "/inbox/tickets/3?view=all" }]);
  });

  it("tells the Dashboard at once before leaving for a page of its own", async () => {
    place.navigate("/returns/R-1");

    await bridge.openInDashboard("/orders/T3JkZXI6MQ%3D%3D");

    expect(dashboard.asked.map((action) => action.type)).toEqual([
      "notifyReady",
      "updateRouting",
      "redirect",
    ]);
    expect(dashboard.payloads("redirect")).toEqual([{ to: "/orders/T3JkZXI6MQ%3D%3D" }]);
  });

  it("lets a page with unsaved work hold the step back", () => {
    const held: (() => void)[] = [];
    const release = place.guardNavigation((go) => {
      held.push(go);
      return false;
    });

    place.navigate("/returns");
    expect(held).toHaveLength(1);
    expect(window.location.pathname).toBe("/inbox");

    release();
    held[0]?.();
    expect(window.location.pathname).toBe("/returns");
  });
});
