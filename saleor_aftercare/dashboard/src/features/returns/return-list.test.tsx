import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("the list of returns", () => {
  it("shows the work by view, with counts, and keeps the view in the address", async () => {
    const { user, sent } = await renderApp("/returns");
    const views = await screen.findByRole("navigation", { name: "Views" });
    const decide = await within(views).findByRole("button", { name: /^To decide\s*\d+$/ });

    await user.click(decide);

    expect(window.location.search).toContain("view=to_decide");
    expect(decide.getAttribute("aria-current")).toBe("page");
    await waitFor(() =>
      expect(sent("ReturnList").at(-1)).toMatchObject({ filter: { view: "TO_DECIDE", legalBasis: null } }),
    );
  });

  it("decides several at once and says what became of each", async () => {
    const { user, sent } = await renderApp("/returns");

    await user.click(await screen.findByRole("checkbox", { name: "Choose R-118" }));
    await user.click(screen.getByRole("checkbox", { name: "Choose R-112" }));
    await user.click(screen.getByRole("button", { name: "Approve 1" }));

    expect(await screen.findByText("1 return was changed.")).toBeTruthy();
    expect(screen.getByText("R-112: It cannot be approved any more")).toBeTruthy();
    expect(sent("ReturnsBulkUpdate")[0]).toMatchObject({ action: "APPROVE" });
  });
});
