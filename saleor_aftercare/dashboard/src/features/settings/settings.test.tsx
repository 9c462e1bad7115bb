import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { navigate } from "@/lib/location";
import { renderApp } from "@/testing/render-app";

async function openSettings() {
  const app = await renderApp("/settings");
  const name = await screen.findByLabelText<HTMLInputElement>("Sender name (optional)");
  const write = (text: string) => fireEvent.change(name, { target: { value: text } });
  return { ...app, name, write };
}

describe("the settings", () => {
  it("save what was changed, as the version that was read", async () => {
    const { user, write, world, sent, dashboard } = await openSettings();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);

    write("Nordlicht Care");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(world.settings.senderName).toBe("Nordlicht Care"));
    expect(sent("SettingsSave")[0]?.input).toEqual({ version: 7, senderName: "Nordlicht Care" });
    await waitFor(() =>
      expect(dashboard.payloads("notification")[0]).toMatchObject({ title: "Settings saved" }),
    );
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true),
    );
  });

  it("check numbers and addresses before anything is sent", async () => {
    const { user, sent } = await openSettings();

    fireEvent.change(screen.getByLabelText("Answer within (hours)"), { target: { value: "soon" } });
    fireEvent.change(screen.getByLabelText("Sender address (optional)"), { target: { value: "care" } });
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("Please enter a whole number from 1 to 240.")).toBeTruthy();
    expect(screen.getByText("This is not an e-mail address.")).toBeTruthy();
    expect(sent("SettingsSave")).toEqual([]);
  });

  it("lose neither side's changes when somebody saved meanwhile", async () => {
    const { user, write, world, name } = await openSettings();
    write("Mine");
    world.settings.senderName = "Theirs";
    world.settings.version = 8;

    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Somebody else saved these settings meanwhile/)).toBeTruthy();
    expect(name.value).toBe("Mine");
    expect(world.settings.senderName).toBe("Theirs");
    await user.click(screen.getByRole("button", { name: "Keep my changes over theirs" }));

    await waitFor(() => expect(world.settings.senderName).toBe("Mine"));
    expect(world.settings.version).toBe(9);
  });

  it("ask before unsaved changes are left behind", async () => {
    const { user, write, name } = await openSettings();
    write("Half written");

    act(() => navigate("/inbox"));
    await user.click(await screen.findByRole("button", { name: "Stay" }));
    expect(window.location.pathname).toBe("/settings");
    expect(name.value).toBe("Half written");
    act(() => navigate("/inbox"));
    await user.click(await screen.findByRole("button", { name: "Leave" }));

    await waitFor(() => expect(window.location.pathname).toBe("/inbox"));
  });

  it("show failed jobs and run one again", async () => {
    const { user, world } = await openSettings();
    expect(await screen.findByText("mail.deliver")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByText("Everything has been done.")).toBeTruthy();
    expect(world.failedJobs).toEqual([]);
  });

  it("show a provider of labels that does not accept the credentials, and where to mend it", async () => {
    await renderApp("/settings", (world) => {
      for (const provider of world.providers.filter((one) => one.slug === "ups")) {
        provider.rejectedAt = world.ago(0);
        provider.error = "Wrong key";
      }
    });

    expect(await screen.findByText(/UPS does not accept the credentials: Wrong key/)).toBeTruthy();
    expect(screen.getAllByRole("link", { name: "Providers of return labels" }).length).toBeGreaterThan(0);
  });
});
