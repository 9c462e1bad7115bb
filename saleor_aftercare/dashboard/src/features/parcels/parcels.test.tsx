import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { newParcel } from "@/testing/mock/parcels";
import { renderApp } from "@/testing/render-app";

/** The page and the section on it are chunks that the first test fetches. */
const PATIENCE = { timeout: 20_000 };
const card = (name = "Parcel R-117") => screen.findByRole("region", { name }, PATIENCE);

describe("the parcels of a return", () => {
  it("show carrier, cost, who pays and the customer's own deadline", async () => {
    await renderApp("/returns/R-117");

    const parcel = await card();

    expect(within(parcel).getByText("DHL Paket (DE)")).toBeTruthy();
    expect(within(parcel).getByText("€4.20 · the shop pays")).toBeTruthy();
    expect(within(parcel).getByText("Dec 6, 2026")).toBeTruthy();
    expect(within(parcel).getByText("Ready to send")).toBeTruthy();
  });

  it("open the label in a tab of the Dashboard's making", async () => {
    const { user, dashboard } = await renderApp("/returns/R-117");

    await user.click(within(await card()).getByRole("button", { name: "Open label" }));

    await waitFor(() =>
      expect(dashboard.payloads("redirect")).toEqual([
        expect.objectContaining({
          newContext: true,
          to: "https://aftercare.example.com/files/label-R-117.pdf",
        }),
      ]),
    );
  });

  it("offer what the server lists and nothing else", async () => {
    const { user, sent } = await renderApp("/returns/R-117");
    const parcel = await card();
    expect(within(parcel).queryByRole("button", { name: "Try again…" })).toBeNull();
    expect(within(parcel).queryByRole("button", { name: "Mark as lost" })).toBeNull();

    await user.click(within(parcel).getByRole("button", { name: "Give up" }));

    await waitFor(() => expect(sent("ParcelVoid")).toHaveLength(1));
    expect(await within(await card()).findByText("Given up")).toBeTruthy();
    expect(within(await card()).queryByRole("button", { name: "Give up" })).toBeNull();
  });

  it("get a label from another provider when one has failed", async () => {
    const { user, sent } = await renderApp("/returns/R-117", (world) => {
      const ret = world.returns.find((one) => one.number === "R-117");
      if (ret) {
        ret.parcels = [newParcel(world, "R-117", { state: "FAILED", error: "The carrier is down" })];
      }
    });
    const parcel = await card();
    expect(within(parcel).getByText("The carrier is down")).toBeTruthy();

    await user.click(within(parcel).getByRole("button", { name: "Try again…" }));
    const dialog = await screen.findByRole("dialog", { name: "A label for R-117" });
    await user.selectOptions(within(dialog).getByRole("combobox"), "Own printed label");
    await user.click(within(dialog).getByRole("button", { name: "Try again" }));

    await waitFor(() => expect(sent("ParcelRetry")[0]?.provider).toBe("printable"));
    expect(await within(await card()).findByText("Ready to send")).toBeTruthy();
  });

  it("warn before a label may be bought a second time", async () => {
    const { user } = await renderApp("/returns/R-117", (world) => {
      const ret = world.returns.find((one) => one.number === "R-117");
      if (ret) {
        ret.parcels = [newParcel(world, "R-117", { state: "UNKNOWN", a6Url: null })];
      }
    });

    await user.click(within(await card()).getByRole("button", { name: "Try again…" }));

    expect(await screen.findByText(/otherwise a second one may be paid for/)).toBeTruthy();
  });

  it("take a label that staff upload, and ask for what is missing first", async () => {
    const { user, sent } = await renderApp("/returns/R-117", (world) => {
      const ret = world.returns.find((one) => one.number === "R-117");
      if (ret) {
        ret.parcels = [newParcel(world, "R-117", { state: "AWAITING_NUMBER", carrier: null, a6Url: null })];
      }
    });
    await user.click(within(await card()).getByRole("button", { name: "Upload label…" }));
    const dialog = await screen.findByRole("dialog", { name: "Upload a label for R-117" });

    await user.click(within(dialog).getByRole("button", { name: "Upload" }));
    expect(within(dialog).getAllByText("This is needed.")).toHaveLength(2);
    expect(sent("ParcelLabelUpload")).toEqual([]);

    const file = new File(["%PDF-1.7"], "label.pdf", { type: "application/pdf" });
    await user.upload(within(dialog).getByLabelText("Label"), file);
    await user.type(within(dialog).getByLabelText("Carrier"), "Hermes");
    await user.click(within(dialog).getByRole("button", { name: "Upload" }));

    expect(await within(await card()).findByText("Hermes")).toBeTruthy();
  });

  it("are added with the size that somebody measured, or as the shop's parcels usually are", async () => {
    const { user, sent } = await renderApp("/returns/R-117");
    await card();

    await user.click(screen.getByRole("button", { name: "One more parcel" }));
    const dialog = await screen.findByRole("dialog", { name: "A label for one more parcel" });
    const length = within(dialog).getByRole("textbox", { name: "Length (cm)" });
    expect(length.getAttribute("placeholder")).toBe("30");
    await user.type(length, "no");
    await user.click(within(dialog).getByRole("button", { name: "Make the label" }));
    expect(await within(dialog).findByText("Please enter a whole number from 1 to 200.")).toBeTruthy();
    await user.clear(length);
    // As a Japanese keyboard types it.
    await user.type(length, "４５");
    await user.type(within(dialog).getByRole("textbox", { name: "Width (cm)" }), "30");
    await user.type(within(dialog).getByRole("textbox", { name: "Height (cm)" }), "20");
    await user.click(within(dialog).getByRole("button", { name: "Make the label" }));

    const added = await card("Parcel R-117-2");
    expect(sent("ReturnParcelAdd").at(-1)?.size).toEqual({
      lengthCm: 45,
      widthCm: 30,
      heightCm: 20,
      weightG: null,
    });
    expect(within(added).getByText("45 × 30 × 20 cm")).toBeTruthy();
    expect(within(added).getByRole("button", { name: "Open packing slip" })).toBeTruthy();
  });

  it("get a new label once the carrier brought them back", async () => {
    const { user, sent } = await renderApp("/returns/R-117", (world) => {
      const ret = world.returns.find((one) => one.number === "R-117");
      if (ret) {
        ret.parcels = [newParcel(world, "R-117", { state: "RETURNED" })];
      }
    });

    await user.click(within(await card()).getByRole("button", { name: "New label…" }));
    const dialog = await screen.findByRole("dialog", { name: "A new label in place of R-117" });
    await user.click(within(dialog).getByRole("button", { name: "Make the label" }));

    await waitFor(() => expect(sent("ParcelReplace")).toHaveLength(1));
    expect(await card("Parcel R-117-2")).toBeTruthy();
    expect(within(await card()).queryByRole("button", { name: "New label…" })).toBeNull();
  });

  it("say how they are handed in, where there is a choice, and change it", async () => {
    const { user } = await renderApp("/returns/R-117", (world) => {
      const ret = world.returns.find((one) => one.number === "R-117");
      const parcel = newParcel(world, "R-117", { handoverChoices: ["LABEL", "DROPOFF"] });
      parcel.actions = [...parcel.actions, "choose_handover"];
      if (ret) {
        ret.parcels = [parcel];
      }
    });
    expect(within(await card()).getByText("with a printed label")).toBeTruthy();

    await user.click(within(await card()).getByRole("button", { name: "Hand in with a code" }));

    expect(await within(await card()).findByText("with a code, without a label")).toBeTruthy();
    expect(within(await card()).getByRole("button", { name: "Hand in with the label" })).toBeTruthy();
  });

  it("tell what was heard of them", async () => {
    const heard = { status: "IN_TRANSIT", description: "Depot Köln", location: "Köln", source: "ups" };
    await renderApp("/returns/R-117", (world) => {
      const at = world.ago(60_000);
      const ret = world.returns.find((one) => one.number === "R-117");
      if (ret) {
        ret.parcels = [
          newParcel(world, "R-117", { state: "IN_TRANSIT", events: [{ ...heard, at, heardAt: at }] }),
        ];
      }
    });

    expect(within(await card()).getByText("1 tracking event")).toBeTruthy();
    expect(within(await card()).getByText("On its way · Depot Köln")).toBeTruthy();
  });
});

describe("the usual return parcel", () => {
  it("is what carriers are told of, and can be changed", async () => {
    const { user, world } = await renderApp("/settings/labels");
    const card = await screen.findByRole("region", { name: "Usual return parcel" }, PATIENCE);
    const weight = await within(card).findByRole("textbox", { name: "Weight with packing (g)" });

    await user.clear(weight);
    await user.type(weight, "1.5 kg");
    await user.click(within(card).getByRole("button", { name: "Save" }));
    expect(await within(card).findByText("Please enter a whole number from 1 to 70000.")).toBeTruthy();
    await user.clear(weight);
    await user.type(weight, "1500");
    await user.click(within(card).getByRole("button", { name: "Save" }));

    await waitFor(() => expect(world.parcelDefaults.weightG).toBe(1500));
    expect(within(card).queryByText("Please enter a whole number from 1 to 70000.")).toBeNull();
  });
});

describe("the providers of labels", () => {
  const ups = () => screen.findByRole("region", { name: "UPS" });

  it("keep secrets to themselves and save only what was typed", async () => {
    const { user, sent, world } = await renderApp("/settings/labels");
    const card = await ups();

    await user.type(within(card).getByLabelText("Client ID"), "abc");
    await user.type(within(card).getByLabelText("Client secret"), "s3cret");
    await user.click(within(card).getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent("LabelProviderSave")).toEqual([
        {
          input: {
            provider: "ups",
            version: null,
            credentials: [
              { name: "client_id", value: "abc" },
              { name: "client_secret", value: "s3cret" },
            ],
          },
        },
      ]),
    );
    expect(world.providers.find((one) => one.slug === "ups")?.ready).toBe(true);
    expect(within(await ups()).getByLabelText<HTMLInputElement>("Client secret").value).toBe("");
  });

  it("name the credential that is missing at its field", async () => {
    const { user } = await renderApp("/settings/labels");
    await user.type(within(await ups()).getByLabelText("Client ID"), "abc");

    await user.click(within(await ups()).getByRole("button", { name: "Save" }));

    expect(await within(await ups()).findByText("This credential is missing")).toBeTruthy();
  });

  it("are tested with a button and say what is wrong", async () => {
    const { user } = await renderApp("/settings/labels", (world) => {
      const provider = world.providers.find((one) => one.slug === "ups");
      if (provider) {
        provider.ready = true;
        provider.credentials = provider.credentials.map((one) => ({
          ...one,
          isSet: true,
          value: one.secret ? null : "wrong",
        }));
      }
    });

    await user.click(within(await ups()).getByRole("button", { name: "Test" }));

    expect(await within(await ups()).findByText("UPS does not accept the credentials")).toBeTruthy();
    expect(await within(await ups()).findByText("Credentials rejected")).toBeTruthy();
  });

  it("are chosen one at a time", async () => {
    const { user, world } = await renderApp("/settings/labels", (world) => {
      for (const provider of world.providers) {
        provider.ready = true;
      }
    });

    await user.click(within(await ups()).getByRole("button", { name: "Use for new labels" }));

    expect(await within(await ups()).findByText("In use")).toBeTruthy();
    expect(world.providers.filter((one) => one.chosen).map((one) => one.slug)).toEqual(["ups"]);
    expect(screen.getAllByText("In use")).toHaveLength(1);
  });
});
