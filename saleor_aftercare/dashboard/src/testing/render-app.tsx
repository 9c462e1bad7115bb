import { act, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "@/app/app";
import { startBridge } from "@/lib/bridge";
import { FakeDashboard, serve } from "./dashboard";
import { MockServer } from "./mock/server";
import type { World } from "./mock/world";

/** The whole app at an address, inside a Dashboard and in front of a shop in memory. */
export async function renderApp(path: string, prepare: (world: World) => void = () => {}) {
  const dashboard = new FakeDashboard(path);
  const server = new MockServer();
  prepare(server.world);
  const fetched = serve((request) => server.answer(request));
  const user = userEvent.setup();
  const view = render(<App />);
  await act(async () => {
    startBridge();
  });
  const sent = (name: string) =>
    server.calls.filter((call) => call.name === name).map((call) => call.variables);
  return { ...view, user, dashboard, server, world: server.world, fetched, sent };
}
