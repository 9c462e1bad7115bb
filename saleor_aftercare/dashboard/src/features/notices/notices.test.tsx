import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("notices", () => {
  it("lead to their conversation and are seen all at once", async () => {
    const { user, sent } = await renderApp("/notices");
    const notice = await screen.findByRole("link", { name: "Aki mentioned you in #1001." });
    expect(notice.getAttribute("href")).toBe("/inbox/tickets/1001");

    await user.click(screen.getByRole("button", { name: "Mark all as read" }));

    await waitFor(() => expect(sent("NoticesMarkRead")).toEqual([{ ids: null }]));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Mark as read" })).toBeNull());
  });

  it("come as each person wants them", async () => {
    const { user, sent } = await renderApp("/settings/notices");
    await user.click(await screen.findByRole("checkbox", { name: "An answer is late: By mail" }));

    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("NoticePreferencesUpdate")[0]).toEqual({
        input: { app: ["MENTION", "ASSIGNED"], mail: ["BREACHED"], digest: "daily", hour: 9 },
      }),
    );
  });
});

describe("being away", () => {
  it("is said by everybody for themselves", async () => {
    const { user, sent } = await renderApp("/settings/notices");
    const away = within(await screen.findByRole("region", { name: "Away" }));
    fireEvent.change(away.getByLabelText("From"), { target: { value: "2026-12-24T09:00" } });

    await user.click(away.getByRole("button", { name: "Add absence" }));

    await waitFor(() =>
      expect(sent("MyAbsenceSave")[0]).toEqual({
        input: { startsAt: new Date("2026-12-24T09:00").toISOString(), endsAt: null, standInId: null },
      }),
    );
  });
});
