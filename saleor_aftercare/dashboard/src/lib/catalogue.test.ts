import { parse } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { pack, unpack } from "./catalogue";

const trees = (messages: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(messages).map(([id, text]) => [id, parse(text, { captureLocation: false })]),
  );

describe("a catalogue as it travels", () => {
  it("comes out as it went in, whatever its messages are made of", () => {
    const all = trees({
      plain: "Send",
      empty: "",
      value: "{name}",
      words: "Reply to {name}, please",
      number: "{count, number} of {total, number, percent}",
      date: "until {day, date, long}",
      plural: "{count, plural, =0 {none} one {# ticket of {name}} other {# tickets}}",
      nested: "{kind, select, a {{count, plural, offset:1 one {#} other {# of them}}} other {—}}",
    });

    expect(unpack(JSON.parse(JSON.stringify(pack(all))))).toEqual(all);
  });

  it("is smaller than the trees", () => {
    const all = trees({ send: "Send", to: "Reply to {name}" });
    expect(pack(all)).toEqual({ ids: ["send", "to"], texts: ["Send", ["Reply to ", ["name"]]] });
  });
});
