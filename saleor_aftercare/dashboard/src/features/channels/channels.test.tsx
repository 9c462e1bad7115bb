import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { navigate } from "@/lib/location";
import { accountsIn, newAccount } from "@/testing/mock/channels";
import { renderApp } from "@/testing/render-app";

describe("channels", () => {
  it("adds a mailbox at a known keeper without a word about ports", async () => {
    const { user, sent } = await renderApp("/settings/channels/new/email");
    await user.selectOptions(await screen.findByLabelText("Kept by"), "Yahoo!メール (Yahoo! JAPAN)");
    await user.type(screen.getByLabelText("E-mail address"), "care@shop.test");
    await user.type(screen.getByLabelText("Name"), "Support");
    await user.type(screen.getAllByLabelText("Password (optional)")[0] as HTMLElement, "right");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent("ChannelAccountCreate")).toHaveLength(1));
    const [call] = sent("ChannelAccountCreate") as [
      {
        input: {
          incoming: string;
          outgoing: string;
          values: { section: string; name: string; value: string }[];
        };
      },
    ];
    const told = Object.fromEntries(
      call.input.values.map((one) => [`${one.section}.${one.name}`, one.value]),
    );
    expect(call.input).toMatchObject({
      address: "care@shop.test",
      name: "Support",
      incoming: "imap",
      outgoing: "smtp",
    });
    expect(told).toMatchObject({
      "imap.host": "imap.mail.yahoo.co.jp",
      "imap.port": "993",
      "smtp.host": "smtp.mail.yahoo.co.jp",
      "imap.username": "care@shop.test",
      "smtp.username": "care@shop.test",
      "imap.password": "right",
      "smtp.password": "right",
    });
    expect(await screen.findByRole("heading", { name: "Support", level: 1 })).toBeTruthy();
  });

  it("says at the field what is wrong, when it is tried and when it is saved", async () => {
    const { user } = await renderApp("/settings/channels/new/email");
    await user.selectOptions(await screen.findByLabelText("Kept by"), "Gmail / Google Workspace");
    await user.selectOptions(screen.getByLabelText("Kept by"), "Another server (IMAP and SMTP)");
    const details = screen.getByText("Servers and details").closest("details");
    await user.type(screen.getAllByLabelText("Server")[0] as HTMLElement, "imap.shop.test");
    // What is being filled in does not close under the hands.
    expect(details?.open).toBe(true);
    await user.type(screen.getAllByLabelText("Password (optional)")[0] as HTMLElement, "wrong");

    await user.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await screen.findAllByText("The server does not accept the password.")).toHaveLength(2);
    expect(screen.getByText("We were let in.")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Save" }));
    const address = await screen.findByLabelText("E-mail address");
    await waitFor(() => expect(address.getAttribute("aria-invalid")).toBe("true"));
  });

  it("asks before a new account is left in which something was typed, and only then", async () => {
    const { user } = await renderApp("/settings/channels/new/phone");
    const name = await screen.findByLabelText<HTMLInputElement>("Name");
    await user.click(screen.getByRole("link", { name: "Rules" }));
    await waitFor(() => expect(name.isConnected).toBe(false));
    expect(window.location.pathname).toBe("/settings/rules");

    navigate("/settings/channels/new/phone");
    await user.type(await screen.findByLabelText("Name"), " 2");
    await user.click(screen.getByRole("link", { name: "Rules" }));

    expect(await screen.findByRole("dialog", { name: "Leave without saving?" })).toBeTruthy();
    expect(window.location.pathname).toBe("/settings/channels/new/phone");
  });

  it("lists accounts with what is wrong, and never shows a secret again", async () => {
    const { world, user } = await renderApp("/settings");
    accountsIn(world).push(
      newAccount({
        problem: "The server does not accept the user name or the password (NO).",
        values: [
          { section: "imap", name: "host", value: "imap.shop.test" },
          { section: "imap", name: "password", value: null },
        ],
        doors: [{ door: "inbound", url: "https://aftercare.test/channels/1-x/inbound/" }],
      }),
    );
    await user.click(await screen.findByRole("link", { name: "Channels" }));
    const row = await screen.findByRole("link", { name: /Support/ });
    expect(within(row).getByText("Does not work")).toBeTruthy();

    await user.click(row);
    const [password] = (await screen.findAllByLabelText("Password (optional)")) as HTMLInputElement[];
    expect([password?.value, password?.placeholder]).toEqual(["", "••••••••"]);
    expect((screen.getByLabelText("Incoming mails") as HTMLInputElement).value).toContain("/inbound/");
  });
});
