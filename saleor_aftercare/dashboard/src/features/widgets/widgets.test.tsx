import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard, serve } from "@/testing/dashboard";
import { MockServer } from "@/testing/mock/server";

const server = new MockServer();
const jade = server.world.tickets.find((ticket) => ticket.number === 4021);
const orderId = jade?.order?.id ?? "";
const customerId = jade?.person.userId ?? "";

/** A widget in a frame of its own; the bridge of the test before is forgotten. */
async function renderWidget(path: string, isAway: () => boolean = () => false) {
  const dashboard = new FakeDashboard(path);
  const shop = new MockServer();
  serve(async (request) => (isAway() ? new Response("", { status: 502 }) : shop.answer(request)));
  const { startBridge } = await import("@/lib/bridge");
  const { Widget } = await import("./widget");
  render(<Widget path={path.split("?")[0] ?? ""} />);
  await act(async () => startBridge());
  return { dashboard, shop, user: userEvent.setup() };
}

describe("the order widget", () => {
  beforeEach(() => vi.resetModules());

  it("shows the order's open cases with their state and next step", async () => {
    await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);

    expect(await screen.findByRole("button", { name: "R-118 · Return" })).toBeTruthy();
    expect(screen.getByText("Awaiting approval")).toBeTruthy();
    expect(screen.getByText("1 × Fjell rain jacket")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Approve" })).toBeTruthy();
  });

  it("starts a return in the popup, which learns the order from its parameters", async () => {
    const { dashboard, user } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);

    await user.click(await screen.findByRole("button", { name: "Start return" }));

    const [asked] = dashboard.payloads("openPopup");
    expect(asked?.extensionIdentifier).toBe("start-return");
    expect(JSON.parse(atob(String(asked?.appParams)))).toEqual({ orderId });
  });

  it("has the Dashboard read its order again after an approval", async () => {
    const { dashboard, shop, user } = await renderWidget(
      `/widgets/order?orderId=${encodeURIComponent(orderId)}`,
    );

    await user.click(await screen.findByRole("button", { name: "Approve" }));

    await waitFor(() => expect(dashboard.payloads("refreshEntity")).toHaveLength(1));
    expect(shop.world.returns.find((one) => one.number === "R-118")?.state).toBe("APPROVED");
    expect(await screen.findByText("Waiting for parcel")).toBeTruthy();
  });

  it("shows what another frame of ours has changed", async () => {
    const { shop } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);
    await screen.findByText("Awaiting approval");
    const ret = shop.world.returns.find((one) => one.number === "R-118");
    if (ret) {
      ret.state = "RECEIVED";
    }

    new BroadcastChannel("aftercare-news").postMessage("changed");

    expect(await screen.findByText("Received")).toBeTruthy();
  });

  it("links into the app by the Dashboard's own addresses", async () => {
    const { dashboard, user } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);

    await user.click(await screen.findByRole("button", { name: "R-118 · Return" }));

    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toEqual([{ to: "/extensions/app/QXBwOjI%3D/returns/R-118" }]),
    );
  });

  it("says so when the service is away, and tries again when asked", async () => {
    let away = true;
    const { user } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`, () => away);
    expect(await screen.findByText("Aftercare cannot be reached right now.")).toBeTruthy();

    away = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByRole("button", { name: "Approve" })).toBeTruthy();
  });

  it("says so when the order has not reached us yet", async () => {
    const { shop } = await renderWidget("/widgets/order?orderId=nothing");

    expect(await screen.findByText("Aftercare does not know this order yet.")).toBeTruthy();
    expect(shop.calls.map((call) => call.name)).toEqual(["WidgetOrder"]);
  });

  it("speaks Japanese when the Dashboard does", async () => {
    const { dashboard } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);
    await screen.findByText("Awaiting approval");

    act(() => dashboard.push("localeChanged", { locale: "ja" }));

    expect(screen.getByText("承認待ち")).toBeTruthy();
    expect(screen.getByRole("button", { name: "返品を開始" })).toBeTruthy();
  });

  it("takes the Dashboard's theme, now and when it is switched", async () => {
    const { dashboard } = await renderWidget(`/widgets/order?orderId=${encodeURIComponent(orderId)}`);
    expect(document.documentElement.dataset.theme).toBe("light");

    act(() => dashboard.push("theme", { theme: "dark" }));

    expect(document.documentElement.dataset.theme).toBe("dark");
  });
});

describe("the other widgets", () => {
  beforeEach(() => vi.resetModules());

  it("count what a customer has had, by the id that the Dashboard gives", async () => {
    const { shop } = await renderWidget(`/widgets/customer?customerId=${encodeURIComponent(customerId)}`);

    expect(await screen.findByText("#4021")).toBeTruthy();
    expect(shop.calls[0]).toEqual({ name: "WidgetCustomer", variables: { userId: customerId } });
  });

  it("lead from the home page into the views of the inbox, the overdue first", async () => {
    const { dashboard, user } = await renderWidget("/widgets/home");

    expect((await screen.findByRole("button", { name: "Edward Cook" })).title).toBe("Open #4018");
    await user.click(screen.getByRole("button", { name: /Overdue/ }));

    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toEqual([
        { to: "/extensions/app/QXBwOjI%3D/inbox?view=overdue" },
      ]),
    );
    expect(dashboard.payloads("widgetResize")).toEqual([]);
  });
});
