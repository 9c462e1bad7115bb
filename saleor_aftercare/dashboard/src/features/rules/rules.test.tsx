import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/testing/render-app";

describe("the rules", () => {
  it("read as sentences, and move by buttons", async () => {
    const { user, sent } = await renderApp("/settings/rules");
    expect(await screen.findByText("When a conversation begins")).toBeTruthy();
    expect(screen.getByText("if Total of the order at least “200”")).toBeTruthy();
    expect(screen.getByText("then put it into the queue Japan.")).toBeTruthy();
    expect(screen.getByText("When 72 hours have passed since somebody answered last")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Move No answer up" }));

    await waitFor(() => expect(sent("RuleMove")).toEqual([{ id: "rule-2", to: 1 }]));
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Move No answer up" }).disabled).toBe(
        true,
      ),
    );
  });

  it("are let act or rest by a button", async () => {
    const { user, sent } = await renderApp("/settings/rules");

    await user.click(await screen.findByRole("button", { name: "Let it rest" }));

    await waitFor(() => expect(sent("RuleEnable")).toEqual([{ id: "rule-1", enabled: false }]));
    expect(await screen.findAllByText("rests")).toHaveLength(2);
  });

  it("are written part by part, and what is missing is said at its field", async () => {
    const { user, sent } = await renderApp("/settings/rules/new");
    await user.click(await screen.findByRole("button", { name: "Add condition" }));
    fireEvent.change(screen.getByLabelText("What"), { target: { value: "is_vip" } });
    fireEvent.change(screen.getByLabelText("What is done"), { target: { value: "assign_in_turn" } });

    await user.click(screen.getByRole("button", { name: "Save" }));

    expect((await screen.findAllByText("Please fill in this field.")).length).toBeGreaterThan(0);
    expect(sent("RuleSave")[0]).toMatchObject({
      id: null,
      name: "",
      input: {
        when: ["OPENED"],
        conditions: [{ field: "is_vip", op: "is", values: [] }],
        steps: [{ do: "assign_in_turn", values: [] }],
      },
    });
  });

  it("are tried on past conversations before they act", async () => {
    const { user, sent } = await renderApp("/settings/rules/rule-1");
    const trial = within(await screen.findByRole("region", { name: "Try it first" }));

    await user.click(trial.getByRole("button", { name: "Try" }));

    expect(await trial.findByText("It would have acted on 2 of 12 conversations (12 in all).")).toBeTruthy();
    expect(sent("RuleTrialStart")[0]).toMatchObject({ days: 30 });
    fireEvent.change(trial.getByLabelText("Number of a conversation"), { target: { value: "#1001" } });
    await user.click(trial.getByRole("button", { name: "Test" }));
    expect(await trial.findByText("Not so: Total of the order at least “200”")).toBeTruthy();
    expect(sent("RuleTest")[0]).toMatchObject({ number: 1001 });
  });
});
