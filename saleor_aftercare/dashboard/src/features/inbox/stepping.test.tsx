import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe("stepping through the inbox", () => {
  it("reads two on the way ahead, whichever way that is, each of them once", async () => {
    const { sent, world } = await renderApp("/inbox");
    const options = await screen.findAllByRole("option");
    const numbers = options.map((option) => Number(option.id.slice("ticket-".length)));
    const read = () => sent("InboxTicket").map((variables) => variables.number);

    press("j");
    await waitFor(() => expect(read()).toEqual(numbers.slice(0, 3)));
    press("j");
    await waitFor(() => expect(read()).toEqual(numbers.slice(0, 4)));
    press("k");
    await pause(250);
    expect(read()).toEqual(numbers.slice(0, 4));
    expect(world.tickets.length).toBeGreaterThan(4);
  });

  it("tells nobody that somebody is there who only passes by", async () => {
    const { sent, world } = await renderApp("/inbox");
    await screen.findAllByRole("option");

    press("j");
    await screen.findByRole("heading", { level: 1, name: "Zipper broke after two weeks" });
    press("j");
    const stayed = world.tickets.find((one) => one.number === 4020);
    await waitFor(() => expect(sent("WritingPresence")).toHaveLength(1), { timeout: 3_000 });

    expect(sent("WritingPresence")[0]).toMatchObject({ id: stayed?.id, gone: false });
    press("k");
    await waitFor(() => expect(sent("WritingPresence")).toHaveLength(2));
    expect(sent("WritingPresence")[1]).toMatchObject({ id: stayed?.id, gone: true });
  });
});
