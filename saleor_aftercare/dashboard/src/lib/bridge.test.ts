import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard, staffToken } from "@/testing/dashboard";

describe("the bridge to the Dashboard", () => {
  let dashboard: FakeDashboard;
  let bridge: typeof import("./bridge");

  beforeEach(async () => {
    vi.resetModules();
    dashboard = new FakeDashboard("/inbox?view=all");
    bridge = await import("./bridge");
  });

  const referrer = (value: string) =>
    Object.defineProperty(document, "referrer", { configurable: true, value });

  it("hears the Dashboard again after the page was loaded anew, when the referrer is the page itself", async () => {
    referrer(`${window.location.origin}/inbox`);
    window.history.replaceState({ dashboard: "https://dashboard.test" }, "");

    bridge.startBridge();
    await vi.waitFor(() => expect(bridge.appBridge().getState().ready).toBe(true));

    expect(bridge.appBridge().getState().token).toBe(staffToken(1));
  });

  it("believes the browser more than anything else about who is around it", async () => {
    referrer("");
    Object.defineProperty(window.location, "ancestorOrigins", {
      configurable: true,
      value: ["https://dashboard.test"],
    });

    bridge.startBridge();
    await vi.waitFor(() => expect(bridge.appBridge().getState().ready).toBe(true));
    Reflect.deleteProperty(window.location, "ancestorOrigins");
  });

  it("loads the page anew where it is, in the theme and language of the moment", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined); // jsdom has no pages to load
    bridge.startBridge();
    await vi.waitFor(() => expect(bridge.appBridge().getState().ready).toBe(true));
    dashboard.push("theme", { theme: "dark" });
    dashboard.push("localeChanged", { locale: "ja" });

    bridge.reloadFrame();

    const params = new URLSearchParams(window.location.search);
    expect([params.get("view"), params.get("theme"), params.get("locale")]).toEqual(["all", "dark", "ja"]);
    expect(params.get("saleorApiUrl")).toBe("https://api.test/graphql/");
    expect(window.history.state).toEqual({ dashboard: "https://dashboard.test" });
  });

  it("does all work before leaving, and says when some of it failed", async () => {
    const done: string[] = [];
    const stop = bridge.onBeforeLeaving(async () => {
      throw new Error("no connection");
    });
    bridge.onBeforeLeaving(async () => done.push("told the Dashboard where we are"));

    expect(await bridge.readyToLeave()).toBe(false);
    stop();
    expect(await bridge.readyToLeave()).toBe(true);
    expect(done).toHaveLength(2);
  });
});
