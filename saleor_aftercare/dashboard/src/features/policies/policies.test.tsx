import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ReturnPolicyInput } from "@/gql/types";
import { renderApp } from "@/testing/render-app";
import { fieldOf } from "./values";

async function openPolicy(prepare?: Parameters<typeof renderApp>[1]) {
  const app = await renderApp("/settings/policies", prepare);
  await screen.findByRole("region", { name: "Rules" });
  const rule = (name: string) => screen.getByRole("button", { name: new RegExp(`^\\d+ ?${name}`) });
  const saved = () => app.sent("PolicySave") as { version: number; document: ReturnPolicyInput }[];
  return { ...app, rule, saved };
}

describe("the return policy", () => {
  it("is saved as a whole, as the version that was read", async () => {
    const { user, rule, saved, dashboard } = await openPolicy();

    await user.click(rule("Everything else"));
    fireEvent.change(screen.getByLabelText("Days"), { target: { value: "60" } });
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(saved()).toHaveLength(1));
    const [{ version, document } = { version: 0, document: undefined }] = saved();
    expect(version).toBe(3);
    expect(document?.rules.map((one) => [one.name, one.windowDays])).toEqual([
      ["Outlet", 30],
      ["Food", 14],
      ["", 60],
    ]);
    expect(document?.rules[0]?.collections).toEqual(["outlet"]);
    expect(document?.evidence).toEqual([{ reason: "damaged_in_transit", photos: 1 }]);
    await waitFor(() =>
      expect(dashboard.payloads("notification")[0]).toMatchObject({ title: "Return policy saved" }),
    );
  });

  it("changes the order of rules by buttons, and the last rule stays the last", async () => {
    const { user, saved } = await openPolicy();

    await user.click(screen.getByRole("button", { name: "Move Food up" }));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Move Outlet down" }).disabled).toBe(true);
    expect(screen.queryByRole("button", { name: "Move Everything else up" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]?.document.rules.map(({ name }) => name)).toEqual(["Food", "Outlet", ""]);
  });

  it("puts a new rule before the last one, with tokens as its conditions", async () => {
    const { user, rule, saved } = await openPolicy();

    await user.click(screen.getByRole("button", { name: "Add a rule" }));
    await user.click(rule("Rule 3"));
    const countries = screen.getByLabelText<HTMLInputElement>("Delivery countries", {
      selector: "li input",
    });
    await user.type(countries, "de,");
    fireEvent.paste(countries, { clipboardData: { getData: () => "fr\nat" } });
    await user.type(countries, "{Backspace}");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]?.document.rules.map(({ countries: codes }) => codes)).toEqual([
      [],
      [],
      ["DE", "FR"],
      [],
    ]);
  });

  it("shows what the server has against a rule at that rule", async () => {
    const { user, rule, world } = await openPolicy();

    await user.click(rule("Food"));
    fireEvent.change(screen.getByLabelText("Days"), { target: { value: "soon" } });
    await user.click(rule("Food"));
    await user.click(screen.getByRole("button", { name: "Save" }));

    const days = await screen.findByLabelText("Days");
    const id = days.getAttribute("aria-describedby");
    expect(document.getElementById(id ?? "")?.textContent).toBe("A whole number from 0 to 3650.");
    expect(world.promises.policy.version).toBe(3);
  });

  it("is tried out on an order before it is saved", async () => {
    const { user, rule, world, sent } = await openPolicy();
    const order = world.orders[0];

    await user.type(screen.getByLabelText("Order number"), order?.number ?? "");
    await user.click(screen.getByRole("button", { name: "Show" }));
    const preview = screen.getByRole("region", { name: "Try it on an order" });
    await within(preview).findAllByText("Accepted until Dec 30, 2026");
    await user.click(rule("Everything else"));
    fireEvent.change(screen.getByLabelText("Days"), { target: { value: "8" } });

    await within(preview).findAllByText("Accepted until Dec 8, 2026");
    expect(within(preview).getAllByText(/If faulty: Staff decide\. We look at it\./).length).toBeGreaterThan(
      0,
    );
    expect(sent("PolicySave")).toEqual([]);
  });

  it("keeps both sides' changes when somebody saved meanwhile", async () => {
    const { user, saved, world } = await openPolicy();
    fireEvent.change(screen.getByLabelText("Days to send the parcel"), { target: { value: "21" } });
    world.promises.policy = { ...world.promises.policy, version: 4 };

    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Keep my changes over theirs" }));

    await waitFor(() => expect(world.promises.policy.shipWithinDays).toBe(21));
    expect(saved().map(({ version }) => version)).toEqual([3, 4]);
  });

  it("starts from defaults without saving them", async () => {
    const { user, world } = await openPolicy();

    await user.selectOptions(screen.getByLabelText("Defaults for"), "JAPAN");
    await user.click(screen.getByRole("button", { name: "Use these" }));

    await screen.findByText(/8 days from delivery/);
    expect(screen.getByText("You have changes that are not saved.")).toBeTruthy();
    expect(world.promises.policy.rules).toHaveLength(3);
  });

  it("cannot be changed without the permission", async () => {
    const { rule } = await openPolicy((world) => {
      world.permissions = ["MANAGE_ORDERS"];
    });

    expect(screen.getByText(/To change them you need the permission/)).toBeTruthy();
    expect(rule("Everything else").closest("fieldset")?.disabled).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>("Order number").disabled).toBe(false);
  });

  it.each([
    ["rules.2.windowDays", "rules.2.windowDays"],
    ["rules.2.countries.0", "rules.2.countries"],
    ["rules.1", "rules.1"],
    ["returnAddresses.0.address.city", "returnAddresses.0.address.city"],
    ["keepItemLimit.1.amount", "keepItemLimit"],
    ["statement.1.text", "statement.ja"],
    [null, undefined],
  ])("finds the field that %s speaks of", (name, field) => {
    expect(fieldOf(name)).toBe(field);
  });
});

describe("the reasons for returns", () => {
  it("are put into another order by buttons", async () => {
    const { user, sent } = await renderApp("/settings/reasons");

    await user.click(await screen.findByRole("button", { name: "Move I changed my mind up" }));

    await waitFor(() =>
      expect(sent("ReasonsOrder")).toEqual([{ codes: ["defective", "changed_mind", "damaged_in_transit"] }]),
    );
  });

  it("are added with words, a question, and Saleor's own reason", async () => {
    const { user, sent, world } = await renderApp("/settings/reasons");

    await user.click(await screen.findByRole("button", { name: "Add a reason" }));
    const dialog = screen.getByRole("dialog");
    await user.type(within(dialog).getByLabelText("In English"), "Too heavy");
    await user.selectOptions(await within(dialog).findByLabelText("Refund reason"), "UGFnZTox");
    await user.click(within(dialog).getByRole("button", { name: "Add a question" }));
    await user.type(within(dialog).getByLabelText("Question in English"), "What weight would do?");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));

    await waitFor(() => expect(world.promises.reasons).toHaveLength(4));
    expect(sent("ReasonSave")[0]).toMatchObject({
      code: null,
      input: {
        labels: [{ language: "en", text: "Too heavy" }],
        saleorRefundReference: "UGFnZTox",
        suggests: null,
        questions: [{ code: null, kind: "text", required: false, options: [] }],
      },
    });
  });
});
