import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runBuild } from "@/lib/build";
import { staffToken } from "@/testing/dashboard";
import { renderApp } from "@/testing/render-app";
import { forgetDrafts } from "./drafts";
import { compose, forgetCompose, onCompose } from "./writing";
import { forgetHeld } from "./writing/held";

const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Reply to/ });
const write = async (text: string) => fireEvent.change(await field(), { target: { value: text } });
const send = () => fireEvent.click(screen.getByRole("button", { name: "Send" }));
const press = (key: string) => fireEvent.keyDown(document.body, { key });
const ROUNDS = { timeout: 5_000 };

function line(up: boolean): void {
  Object.defineProperty(navigator, "onLine", { configurable: true, value: up });
  act(() => void window.dispatchEvent(new Event(up ? "online" : "offline")));
}

async function open(number = 4021) {
  const app = await renderApp(`/inbox/tickets/${number}`);
  await field();
  // The neighbour is read beforehand, so that one can go there without a connection.
  await waitFor(() => expect(app.sent("InboxTicket").length).toBeGreaterThan(1), ROUNDS);
  const said = (text: string) =>
    app.world.tickets.flatMap(({ thread }) => thread).filter(({ body }) => body === text).length;
  return { ...app, said };
}

describe("sending without a connection", () => {
  beforeEach(() => {
    forgetDrafts();
    forgetHeld();
  });
  afterEach(() => line(true));

  it("waits, also while other conversations are answered, and then sends everything once", async () => {
    const { said, sent } = await open();
    line(false);

    await write("To Jade");
    send();
    expect(await screen.findByText(/No connection: the answer leaves by itself/)).toBeTruthy();
    expect(await screen.findByText(/One answer or change will be sent/)).toBeTruthy();
    press("j");
    await screen.findByRole("heading", { name: "サイズ交換をお願いします" });
    await waitFor(async () => expect((await field()).value).toBe(""));
    await write("山田様へ");
    send();
    expect(await screen.findByText(/2 answers or changes will be sent/)).toBeTruthy();

    press("k");
    await screen.findByRole("heading", { name: "Zipper broke after two weeks" });
    await waitFor(async () => expect((await field()).value).toBe("To Jade"));
    expect((await field()).readOnly).toBe(true);
    send();
    expect(sent("InboxReply")).toEqual([]);

    line(true);
    await waitFor(async () => expect((await field()).value).toBe(""), ROUNDS);
    await waitFor(() => expect([said("To Jade"), said("山田様へ")]).toEqual([1, 1]), ROUNDS);
    expect(screen.queryByText(/will be sent as soon as/)).toBeNull();
    expect(sent("InboxReply")).toHaveLength(2);
  });

  it("keeps to the order of the presses in one conversation", async () => {
    const { user, world, sent } = await open();
    line(false);
    await write("The answer first.");
    send();
    await user.click(screen.getByRole("tab", { name: "Internal note" }));
    fireEvent.change(await screen.findByRole("textbox", { name: /^Internal note/ }), {
      target: { value: "Then the note." },
    });
    await user.click(screen.getByRole("button", { name: "Add note" }));

    line(true);

    await waitFor(() => expect(sent("InboxNote")).toHaveLength(1), ROUNDS);
    const bodies = world.tickets.find(({ number }) => number === 4021)?.thread.map(({ body }) => body);
    expect(bodies?.slice(-2)).toEqual(["The answer first.", "Then the note."]);
  });

  it("tries again by itself when the service was not to be reached", async () => {
    const { said, server, sent } = await open();
    await write("Sooner or later.");
    server.unreachable = true;
    send();
    expect(await screen.findByText(/No connection: the answer leaves by itself/)).toBeTruthy();

    server.unreachable = false;

    await waitFor(() => expect(said("Sooner or later.")).toBe(1), ROUNDS);
    expect(sent("InboxReply")).toHaveLength(1);
  });

  it("is not done twice when only the answer to it got lost", async () => {
    const { said, server, sent } = await open();
    await write("Once is enough.");
    server.losing.push("InboxReply");

    send();

    await waitFor(async () => expect((await field()).value).toBe(""), ROUNDS);
    expect(said("Once is enough.")).toBe(1);
    const keys = sent("InboxReply").map(({ input }) => (input as { key: string }).key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("does not go on to the next conversation when its writer has left meanwhile", async () => {
    const { said, world } = await open(4021);
    world.writing.afterwards = "next";
    line(false);
    await write("Late.");
    send();
    press("j");
    await screen.findByRole("heading", { name: "サイズ交換をお願いします" });

    line(true);

    await waitFor(() => expect(said("Late.")).toBe(1), ROUNDS);
    expect(window.location.pathname).toBe("/inbox/tickets/4020");
  });

  it("asks before the page is left while something waits", async () => {
    const { user, dashboard } = await open();
    line(false);
    await write("Do not lose me.");
    send();
    await screen.findByText(/One answer or change will be sent/);

    const [order] = await screen.findAllByRole("button", { name: "Open the order" });
    fireEvent.click(order as HTMLElement);
    await screen.findByRole("heading", { name: "Leave what is not saved?" });
    await user.click(screen.getByRole("button", { name: "Stay" }));
    expect(dashboard.payloads("redirect")).toEqual([]);

    fireEvent.click(order as HTMLElement);
    await user.click(await screen.findByRole("button", { name: "Leave" }));
    await waitFor(() => expect(dashboard.payloads("redirect")).toHaveLength(1));
  });

  it("lets other changes wait as well, and makes them in their order", async () => {
    const { world, sent } = await open();
    const ticket = world.tickets.find(({ number }) => number === 4021);
    line(false);
    press("e");
    press("#");
    expect(await screen.findByText(/2 answers or changes will be sent/)).toBeTruthy();
    expect(ticket?.state).toBe("OPEN");

    line(true);

    await waitFor(() => expect(ticket?.state).toBe("SPAM"), ROUNDS);
    expect(sent("InboxUpdate").map(({ input }) => input)).toEqual([{ action: "solve" }, { action: "spam" }]);
  });
});

describe("sending with a session that ended", () => {
  beforeEach(() => {
    forgetDrafts();
    forgetHeld();
  });

  it("goes out with the next token, once", async () => {
    const { said, server, dashboard, sent } = await open();
    await write("With a new token.");
    server.expired.add(staffToken(1));
    send();
    await waitFor(() => expect(server.refused).toBeGreaterThan(0));
    await act(async () => dashboard.refreshToken(2));

    await waitFor(async () => expect((await field()).value).toBe(""), ROUNDS);
    expect(said("With a new token.")).toBe(1);
    expect(sent("InboxReply")).toHaveLength(1);
  });

  it("keeps the words when no token comes, and does not send twice when the same is pressed again", async () => {
    const { said, server, dashboard, sent } = await open();
    await write("Still here.");
    server.losing.push("InboxReply");
    server.onLost = () => server.expired.add(staffToken(1));
    send();

    expect(
      await screen.findByText(
        /Your session has ended. Reload this browser tab to go on\.$/,
        {},
        { timeout: 9_000 },
      ),
    ).toBeTruthy();
    expect((await field()).value).toBe("Still here.");
    await act(async () => dashboard.refreshToken(2));
    send();

    await waitFor(async () => expect((await field()).value).toBe(""), ROUNDS);
    expect(said("Still here.")).toBe(1);
    expect(sent("InboxReply")).toHaveLength(2);
  }, 20_000);
});

describe("a new version", () => {
  beforeEach(forgetDrafts);

  it("is loaded inside the frame once the words are safe on the server", async () => {
    const { user, server, world, fetched } = await open();
    const answer = fetched.getMockImplementation();
    runBuild("https://aftercare.test/app-11111111.js");
    fetched.mockImplementation(async (...request) => {
      const response = (await answer?.(...request)) as Response;
      response.headers.set("Aftercare-Build", "app-22222222.js");
      return response;
    });
    vi.spyOn(console, "error").mockImplementation(() => undefined); // jsdom has no pages to load
    await write("Half a sen");
    const [ticket] = world.tickets.filter(({ number }) => number === 4021);
    await user.click(await screen.findByRole("button", { name: "Load it now" }, { timeout: 20_000 }));

    await waitFor(() => expect(window.history.state).toEqual({ dashboard: "https://dashboard.test" }));
    expect(world.drafts.get(`${ticket?.id}:false`)?.body).toBe("Half a sen");
    expect(new URLSearchParams(window.location.search).get("locale")).toBe("en");
    expect(server.calls.at(-1)?.name).toBeTruthy();
    runBuild("");
  }, 30_000);
});

describe("the key that asks for the composer", () => {
  afterEach(forgetCompose);

  it("is answered as soon as the composer is there, once", () => {
    const answer = vi.fn();
    compose("note");
    onCompose(answer)();
    onCompose(answer)();
    expect(answer.mock.calls).toEqual([["note"]]);
  });

  it("is forgotten when the conversation is left before", () => {
    const answer = vi.fn();
    compose("reply");
    forgetCompose();
    onCompose(answer)();
    expect(answer).not.toHaveBeenCalled();
  });
});
