import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("the team", () => {
  it("is changed in a dialog", async () => {
    const { user, sent } = await renderApp("/settings/team");
    await user.click(await screen.findByRole("button", { name: "Edit Japan" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Japan" }));

    fireEvent.change(dialog.getByLabelText("Name"), { target: { value: "日本" } });
    await user.click(dialog.getByRole("checkbox", { name: "Aki" }));
    await user.click(dialog.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("TeamSave")[0]).toEqual({
        id: "team-1",
        input: {
          name: "日本",
          assignment: "ROUND_ROBIN",
          isOutsourced: false,
          reassignsOnBreach: true,
          memberIds: ["staff-1", "staff-2"],
        },
      }),
    );
  });

  it("gives roles to Saleor's groups, and says what the service has against them", async () => {
    const { user, sent } = await renderApp("/settings/team");
    await user.click(await screen.findByRole("button", { name: "Add group" }));
    fireEvent.change(screen.getByLabelText("Role"), { target: { value: "OUTSOURCED" } });
    fireEvent.change(screen.getByLabelText("Money per case"), { target: { value: "20" } });
    fireEvent.change(screen.getByLabelText("Currency"), { target: { value: "eur" } });

    await user.click(screen.getByRole("button", { name: "Save roles" }));

    await waitFor(() =>
      expect(sent("RoleRulesSave")[0]).toEqual({
        rules: [{ group: "Customer support", role: "OUTSOURCED", limit: "20", currency: "EUR" }],
      }),
    );
  });
});
