import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { mockRaw } from "@/testing/mock/mails";
import type { World } from "@/testing/mock/world";
import { renderApp } from "@/testing/render-app";

/** A mail of the customer of ticket 4011 that quotes, is laid out, and was odd. */
function mailFromKristen(world: World): void {
  const ticket = world.tickets.find((one) => one.number === 4011);
  const message = ticket?.thread[0];
  if (!message) {
    throw new Error("The story has no such message");
  }
  Object.assign(message, { isMail: true, hasQuoted: true, hasHtml: true });
  world.mails.set(message.id, {
    quoted: "> When did you send them?",
    html: {
      url: "https://aftercare.example/mails/plain/",
      remoteUrl: "https://aftercare.example/mails/remote/",
    },
    raw: mockRaw("mail.eml"),
    guesses: [{ where: "part 1", declared: "us-ascii", used: "utf-8", why: "…" }],
  });
}

const bubble = () => screen.findByRole("article", { name: /Message from/ });

describe("a mail in a conversation", () => {
  it("folds what it quotes, and asks for it when somebody looks", async () => {
    const { user, sent } = await renderApp("/inbox/tickets/4011", mailFromKristen);
    const mail = within(await bubble());
    expect(sent("MessageMail")).toEqual([]);

    await user.click(mail.getByRole("button", { name: "Show quoted text" }));

    expect(await mail.findByText("> When did you send them?")).toBeTruthy();
    await user.click(mail.getByRole("button", { name: "Hide quoted text" }));
    expect(mail.queryByText("> When did you send them?")).toBeNull();
  });

  it("is shown as laid out in a frame that can do nothing, with remote content only when asked for", async () => {
    const { user } = await renderApp("/inbox/tickets/4011", mailFromKristen);
    const mail = within(await bubble());

    await user.click(mail.getByRole("button", { name: "Show as laid out" }));

    const frame = await mail.findByTitle(/as laid out/);
    expect(frame.getAttribute("sandbox")).toBe("allow-popups allow-popups-to-escape-sandbox");
    expect(frame.getAttribute("src")).toBe("https://aftercare.example/mails/plain/");
    await user.click(mail.getByRole("button", { name: "Show remote content" }));
    await waitFor(() =>
      expect(mail.getByTitle(/as laid out/).getAttribute("src")).toBe(
        "https://aftercare.example/mails/remote/",
      ),
    );
    expect(mail.queryByRole("button", { name: "Show remote content" })).toBeNull();
  });

  it("says what was guessed, and can be had as it came", async () => {
    const { user } = await renderApp("/inbox/tickets/4011", mailFromKristen);
    const mail = within(await bubble());

    await user.click(mail.getByRole("button", { name: "More about this mail" }));

    expect(await mail.findByText("One thing had to be guessed to read this mail")).toBeTruthy();
    expect(mail.getByRole("button", { name: /Download the mail as it came/ })).toBeTruthy();
  });
});

describe("a letter that did not arrive", () => {
  it("is sent again after a question", async () => {
    const { user, sent } = await renderApp("/inbox/tickets/4011");
    const reply = within(await screen.findByRole("article", { name: "Reply by Mika Berg" }));

    await user.click(reply.getByRole("button", { name: "Send again" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Send this mail again?" }));
    await user.click(dialog.getByRole("button", { name: "Send again" }));

    await waitFor(() => expect(sent("MessageResend")).toHaveLength(1));
    expect(await reply.findByText("Being sent…")).toBeTruthy();
  });
});

describe("mails that could not be read", () => {
  const trouble = (world: World) => {
    world.troubles = [
      {
        id: "InboundMessage-1",
        accountName: "Support",
        receivedAt: "2026-11-20T10:00:00Z",
        state: "FAILED",
        error: "This mail could not be understood (RecursionError).",
        raw: mockRaw("odd.eml"),
      },
    ];
  };

  it("are listed with what went wrong, and tried again", async () => {
    const { user, sent } = await renderApp("/inbox/mails", trouble);

    expect(await screen.findByText("This mail could not be understood (RecursionError).")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByText("All mails were read.")).toBeTruthy();
    expect(sent("MessageReadAgain")).toEqual([{ id: "InboundMessage-1" }]);
  });

  it("can be put aside", async () => {
    const { user, sent } = await renderApp("/inbox/mails", trouble);

    await user.click(await screen.findByRole("button", { name: "Put aside" }));

    await waitFor(() => expect(sent("MessagePutAside")).toHaveLength(1));
  });
});
