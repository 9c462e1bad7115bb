import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { wordsIn } from "@/testing/mock/words";
import { renderApp } from "@/testing/render-app";

const ENGLISH = "Letter with a replacement, English";

describe("words on paper", () => {
  it("saves only what was changed, and says which words are ours", async () => {
    const { user, sent } = await renderApp("/settings/words");
    const letter = await screen.findByRole("region", { name: ENGLISH });
    expect(within(letter).getByText("These are the ready-made words.")).toBeTruthy();

    await user.type(within(letter).getByLabelText("Subject"), " and a gift");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("ShopWordsSave")).toEqual([
        {
          version: 1,
          apologyLetters: [
            {
              language: "en",
              subject: "Your replacement and a gift",
              body: "Dear {customer},",
              signature: "{shop}",
            },
          ],
          returnInstructions: [],
        },
      ]),
    );
    expect(await within(letter).findByRole("button", { name: "Back to the ready-made words" })).toBeTruthy();
  });

  it("keeps both sides when somebody else saved meanwhile", async () => {
    const { user, sent, world } = await renderApp("/settings/words");
    await user.type(await screen.findByLabelText("English"), "Weekdays 9–17.");
    Object.assign(wordsIn(world), { version: 2 });

    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Keep my changes over theirs" }));

    await waitFor(() => expect(sent("ShopWordsSave").at(-1)).toMatchObject({ version: 2 }));
    await waitFor(() => expect(wordsIn(world).returnInstructions[0]?.text).toBe("Weekdays 9–17."));
  });
});
