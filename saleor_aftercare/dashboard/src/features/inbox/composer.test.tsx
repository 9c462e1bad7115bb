import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { World } from "@/testing/mock/world";
import type { MockDraft } from "@/testing/mock/writing-story";
import { renderApp } from "@/testing/render-app";
import { holdUploads } from "@/testing/upload";
import { forgetDrafts } from "./drafts";
import { forgetHeld } from "./writing/held";

const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Reply to|^Internal note/ });

function write(into: HTMLTextAreaElement, text: string) {
  into.focus();
  fireEvent.change(into, { target: { value: text } });
}

const photo = (name: string) =>
  new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])], name, { type: "image/png" });

async function openTicket(number = 4021, prepare?: (world: World) => void) {
  const app = await renderApp(`/inbox/tickets/${number}`, prepare);
  const text = await field();
  const ticket = app.world.tickets.find((one) => one.number === number);
  if (!ticket) {
    throw new Error(`no ticket ${number} in the story`);
  }
  return { ...app, text, ticket };
}

describe("the composer", () => {
  beforeEach(() => {
    forgetDrafts();
    forgetHeld();
  });

  it("sends with Ctrl+Enter, saying up to where the thread was read, and is empty afterwards", async () => {
    const { user, text, ticket, sent } = await openTicket();
    const newest = ticket.thread.at(-1)?.id;

    write(text, "The label is on its way.");
    await user.keyboard("{Control>}{Enter}{/Control}");

    await waitFor(() => expect(text.value).toBe(""));
    expect(sent("InboxReply")[0]?.input).toMatchObject({
      body: "The label is on its way.",
      lastSeenMessageId: newest,
      force: false,
      holdSeconds: 10,
    });
    expect(await screen.findByText("The label is on its way.")).toBeTruthy();
  });

  it("sends and solves with Ctrl+Shift+Enter", async () => {
    const { user, text, ticket } = await openTicket();

    write(text, "All done.");
    await user.keyboard("{Control>}{Shift>}{Enter}{/Shift}{/Control}");

    await waitFor(() => expect(ticket.state).toBe("SOLVED"));
  });

  it("leaves Enter to the input method while a word is being composed", async () => {
    const { text, sent } = await openTicket(4020);
    fireEvent.change(text, { target: { value: "ありがとう" } });

    fireEvent.keyDown(text, { key: "Enter", ctrlKey: true, isComposing: true });
    fireEvent.keyDown(text, { key: "Enter", ctrlKey: true, keyCode: 229 });

    expect(sent("InboxReply")).toEqual([]);
    expect(text.value).toBe("ありがとう");
  });

  it("keeps the text when sending fails, and says why", async () => {
    const { user, text, ticket, server } = await openTicket();
    write(text, "Do not lose me.");
    server.world.tickets.splice(server.world.tickets.indexOf(ticket), 1);

    await user.click(screen.getByRole("button", { name: "Send" }));

    expect((await screen.findByText("There is no such ticket")).closest("[role=alert]")).toBeTruthy();
    expect((await field()).value).toBe("Do not lose me.");
  });

  it("stops a reply that crosses a newer message, and sends it on request", async () => {
    const { user, text, ticket, world, sent } = await openTicket();
    write(text, "We can repair it.");
    ticket.thread.push(world.message("CUSTOMER", ticket.person, 0, "Never mind, I found a tailor."));

    await user.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText("A new message arrived while you were writing.");
    expect(await screen.findByText("Never mind, I found a tailor.")).toBeTruthy();
    expect(text.value).toBe("We can repair it.");
    await user.click(screen.getByRole("button", { name: "Send anyway" }));

    await waitFor(() => expect(text.value).toBe(""));
    expect(sent("InboxReply").map((call) => (call.input as { force: boolean }).force)).toEqual([false, true]);
  });

  it("sends plainly after the newer message was reviewed", async () => {
    const { user, text, ticket, world, sent } = await openTicket();
    write(text, "We can repair it.");
    ticket.thread.push(world.message("CUSTOMER", ticket.person, 0, "Any news?"));
    await user.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText("Any news?");

    await user.click(screen.getByRole("button", { name: "Review" }));
    expect(screen.queryByRole("button", { name: "Send anyway" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Send" }));

    await waitFor(() => expect(text.value).toBe(""));
    expect(sent("InboxReply").map((call) => (call.input as { force: boolean }).force)).toEqual([
      false,
      false,
    ]);
  });

  it("is not stopped by what the system noted meanwhile", async () => {
    const { user, text, ticket, world } = await openTicket();
    write(text, "Approved, the label follows.");
    await user.click(await screen.findByRole("button", { name: "Approve" }));
    await screen.findByText("R-118: Approved");

    await user.click(screen.getByRole("button", { name: "Send" }));

    await waitFor(() => expect(text.value).toBe(""));
    expect(ticket.thread.at(-1)?.authorName).toBe(world.me.name);
  });

  it("keeps a reply and a note apart, and both over a visit to another ticket", async () => {
    const { user, text } = await openTicket();
    write(text, "Dear Jade");
    await user.click(screen.getByRole("tab", { name: "Internal note" }));
    write(await field(), "ask the workshop");
    expect(screen.getByText("Not sent to the customer")).toBeTruthy();

    fireEvent.keyDown(document.body, { key: "j" });
    await screen.findByRole("heading", { name: "サイズ交換をお願いします" });
    expect((await field()).value).toBe("");
    fireEvent.keyDown(document.body, { key: "k" });
    await screen.findByRole("heading", { name: "Zipper broke after two weeks" });

    expect((await field()).value).toBe("Dear Jade");
    await user.click(screen.getByRole("tab", { name: "Internal note" }));
    expect((await field()).value).toBe("ask the workshop");
  });

  it("adds a note without mailing anybody", async () => {
    const { user, ticket, sent } = await openTicket();
    await user.click(screen.getByRole("tab", { name: "Internal note" }));
    write(await field(), "VIP");

    await user.click(screen.getByRole("button", { name: "Add note" }));

    await waitFor(() =>
      expect(ticket.thread.at(-1)).toMatchObject({ kind: "NOTE", body: "VIP", delivery: null }),
    );
    expect(sent("InboxReply")).toEqual([]);
  });

  it("uploads pasted files with the reply and refuses one that is too large", async () => {
    const { user, text, ticket } = await openTicket();
    const large = new File(["x"], "film.mov");
    Object.defineProperty(large, "size", { value: 11_000_000 });
    fireEvent.paste(text, {
      clipboardData: { files: [photo("label.png"), large] },
    });
    expect(await screen.findByText(/film.mov is larger than 10 MB/)).toBeTruthy();
    await screen.findByText("label.png");
    write(text, "See the picture.");

    await user.click(screen.getByRole("button", { name: "Send" }));

    await waitFor(() =>
      expect(ticket.thread.at(-1)?.attachments.map((file) => file.name)).toEqual(["label.png"]),
    );
  });

  it("tells how much of a file has left, and cancels it", async () => {
    const { user, text, ticket, world } = await openTicket();
    const goOn = holdUploads();
    fireEvent.paste(text, { clipboardData: { files: [photo("front.png"), photo("back.png")] } });

    const bar = await screen.findByRole("progressbar", { name: "Uploading front.png" });
    await waitFor(() => expect((bar as HTMLProgressElement).value).toBe(0.5));
    expect(screen.getByText("50%")).toBeTruthy();
    expect(screen.getByText("Waits its turn")).toBeTruthy();
    expect(screen.getByText("2 files are being uploaded.")).toBeTruthy();
    write(text, "See the pictures.");
    expect((screen.getByRole("button", { name: "Send" }) as HTMLButtonElement).disabled).toBe(true);
    await user.click(screen.getByRole("button", { name: "Cancel front.png" }));
    goOn();

    expect(await screen.findByRole("button", { name: "Remove back.png" })).toBeTruthy();
    expect(screen.queryByText("front.png")).toBeNull();
    expect(screen.getByText("1 file is attached.")).toBeTruthy();
    expect(world.drafts.get(`${ticket.id}:false`)?.attachments.map(({ name }) => name)).toEqual(["back.png"]);
  });

  it("keeps a file that did not arrive, to try it again or to put it away", async () => {
    const { user, text, fetched } = await openTicket();
    const works = fetched.getMockImplementation();
    fetched.mockImplementation(async (url, init) => {
      if (init?.body instanceof FormData && works) {
        fetched.mockImplementation(works);
        throw new TypeError("Failed to fetch");
      }
      return (works as NonNullable<typeof works>)(url, init);
    });
    fireEvent.paste(text, { clipboardData: { files: [photo("front.png")] } });

    expect(await screen.findByText(/^front.png was not uploaded/)).toBeTruthy();
    expect(screen.getByText(/^Try it again, or take it away/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Try again: front.png" }));

    expect(await screen.findByRole("button", { name: "Remove front.png" })).toBeTruthy();
    expect(screen.queryByText(/was not uploaded/)).toBeNull();
  });

  it("puts a file aside that the service does not take, and is sent without it", async () => {
    const { user, text, ticket } = await openTicket();
    write(text, "See the picture.");
    fireEvent.paste(text, { clipboardData: { files: [photo("broken.png")] } });

    expect(await screen.findByText(/^broken.png was not uploaded: “broken.png” is no picture/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Try again: broken.png" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Send" }));

    await waitFor(() => expect(ticket.thread.at(-1)?.body).toBe("See the picture."));
    expect(screen.queryByText(/broken.png/)).toBeNull();
  });

  it("says before a file travels that nobody could open it", async () => {
    const { text, sent } = await openTicket();
    const program = new File([new Uint8Array([0x4d, 0x5a, 0x90, 0])], "setup.exe");
    fireEvent.paste(text, { clipboardData: { files: [program, new File([], "nothing.txt")] } });

    expect(await screen.findByText("setup.exe is neither a picture, a PDF nor a text.")).toBeTruthy();
    expect(screen.getByText("nothing.txt is empty.")).toBeTruthy();
    expect(sent("WritingAttach")).toEqual([]);
  });

  it("is kept on the server when its writer pauses, and stands there in another tab", async () => {
    const { text, ticket, world } = await openTicket();

    write(text, "Dear Jade");
    await waitFor(() => expect(world.drafts.get(`${ticket.id}:false`)?.body).toBe("Dear Jade"), {
      timeout: 3_000,
    });
    forgetDrafts();
    cleanup();
    const again = await renderApp(`/inbox/tickets/${ticket.number}`, (other) => {
      other.drafts.set(`${ticket.id}:false`, { ...draft(ticket.id), body: "Dear Jade" });
    });

    await waitFor(async () => expect((await field()).value).toBe("Dear Jade"));
    expect(again.sent("WritingSave")).toEqual([]);
  });

  it("keeps both texts when another tab has written too", async () => {
    const { text, ticket, world } = await openTicket();
    world.drafts.set(`${ticket.id}:false`, { ...draft(ticket.id), body: "From the telephone", version: 3 });

    write(text, "From the desk");

    await waitFor(() => expect(text.value).toBe("From the telephone\n\n---\n\nFrom the desk"), {
      timeout: 3_000,
    });
  });

  it("takes an answer back before it leaves", async () => {
    const { user, text, ticket } = await openTicket();
    write(text, "Wait, that was wrong.");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText("The answer is about to leave.");

    await user.click(screen.getByRole("button", { name: "Undo" }));

    await waitFor(() => expect(text.value).toBe("Wait, that was wrong."));
    expect(ticket.thread.some((message) => message.body === "Wait, that was wrong.")).toBe(false);
    expect(screen.queryByText("The answer is about to leave.")).toBeNull();
  });

  it("offers ready-made words after a slash and fills them in", async () => {
    const { user, text, ticket, sent } = await openTicket();

    await user.type(text, "Hi /lab");
    await screen.findByRole("option", { name: /The label is on its way/ });
    fireEvent.keyDown(text, { key: "Enter", isComposing: true });
    expect(text.value).toBe("Hi /lab");
    await user.keyboard("{Enter}");

    await waitFor(() => expect(text.value).toContain(`Hi Hello ${ticket.person.name},`));
    expect(screen.queryByRole("listbox", { name: "Ready-made words" })).toBeNull();
    expect(sent("WritingFilled")).toEqual([{ id: "canned-1", ticketId: ticket.id }]);
  });

  it("names variables that have no value and does not send them", async () => {
    const { user, text } = await openTicket();
    write(text, "Your parcel: {{ order.carrier_number }}");

    expect(await screen.findByText(/Nothing is known for .* order.carrier_number/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Send" }).hasAttribute("disabled")).toBe(true);
    await user.clear(text);
    expect(screen.queryByText(/Nothing is known/)).toBeNull();
  });

  it("mentions a colleague in a note", async () => {
    const { user, sent, world } = await openTicket();
    await user.click(screen.getByRole("tab", { name: "Internal note" }));

    await user.type(await field(), "@mik");
    await user.click(await screen.findByRole("option", { name: /Mika Berg/ }));
    await waitFor(async () => expect((await field()).value).toBe("@Mika Berg "));
    await user.click(screen.getByRole("button", { name: "Add note" }));

    await waitFor(() => expect(sent("InboxNote")[0]?.mentions).toEqual([world.mika.id]));
  });

  it("says who else is there", async () => {
    const { ticket, world, container } = await openTicket();
    expect(container.textContent).not.toContain("is writing an answer");
    world.presence.push({ ticketId: ticket.id, isWriting: true, member: world.mika });
    world.touch(ticket);

    // The row says so as well, for those who do not see its ring.
    expect(
      await screen.findByText("Mika Berg is writing an answer", { selector: "form *" }, { timeout: 7_000 }),
    ).toBeTruthy();
  }, 10_000);

  it("sends and puts the conversation off by the menu", async () => {
    const { user, text, sent } = await openTicket();
    write(text, "More tomorrow.");

    await user.click(screen.getByRole("button", { name: "Other ways to send" }));
    await user.click(screen.getByRole("menuitem", { name: /until tomorrow/ }));

    await waitFor(() => expect(sent("InboxReply")[0]?.input).toMatchObject({ move: "SNOOZE" }));
  });

  it("goes on to the next conversation where its writer wants that, and can still be taken back there", async () => {
    const { user, text, ticket } = await openTicket(4021, (world) => {
      world.writing.afterwards = "next";
    });
    write(text, "Done.");
    await user.click(screen.getByRole("button", { name: "Send" }));

    await screen.findByText(`The answer to #${ticket.number} is about to leave.`);
    await user.click(screen.getByRole("button", { name: "Undo" }));

    await screen.findByRole("heading", { name: ticket.subject });
    await waitFor(async () => expect((await field()).value).toBe("Done."));
  });

  it("shows what is written as its reader will see it", async () => {
    const { user, text } = await openTicket();
    write(text, "**Sorry**");

    await user.click(screen.getByRole("button", { name: "Preview" }));

    expect((await screen.findByText("Sorry")).tagName).toBe("STRONG");
    expect(text.hidden).toBe(true);
  });

  it("runs a macro after showing what it does", async () => {
    const { user, ticket } = await openTicket();
    await user.click(screen.getByRole("button", { name: "Macro" }));
    await user.click(await screen.findByRole("button", { name: "Approve and answer" }));
    await screen.findByText(`Answer ${ticket.person.name}`);
    expect(screen.getByText(`Approved, ${ticket.person.name}.`)).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Run" }));

    expect(await screen.findByText("Everything is done.")).toBeTruthy();
  });
});

const draft = (ticketId: string): MockDraft => ({
  id: `draft-${ticketId}`,
  isNote: false,
  body: "",
  language: "",
  cc: [],
  attachments: [],
  version: 1,
  seenMessageId: null,
  updatedAt: new Date().toISOString(),
});
