/// <reference types="vite/client" />
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import english from "./messages/en.messages.json";
import japanese from "./messages/ja.messages.json";

// The plugin of the build has compiled both; TypeScript sees the JSON they came from.
const en = english as unknown as Record<string, MessageFormatElement[]>;
const ja = japanese as unknown as Record<string, MessageFormatElement[]>;

/** The names of the values that a message takes. */
function values(elements: readonly MessageFormatElement[]): Set<string> {
  const names = new Set<string>();
  for (const element of elements) {
    if (element.type !== TYPE.literal && element.type !== TYPE.pound) {
      names.add(element.value);
    }
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) {
        for (const name of values(option.value)) {
          names.add(name);
        }
      }
    }
  }
  return names;
}

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return ["gql", "testing", "messages"].includes(entry.name) ? "" : sources(path);
      }
      return /(?<!\.test)\.tsx?$/.test(entry.name) ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

describe("message catalogues", () => {
  it("have the same messages in both languages", () => {
    expect(Object.keys(ja)).toEqual(Object.keys(en));
  });

  it("take the same values in both languages", () => {
    for (const [id, message] of Object.entries(en)) {
      expect([id, values(ja[id] ?? [])]).toEqual([id, values(message)]);
    }
  });

  it("say something in Japanese, not English again", () => {
    const sameInBoth = new Set([
      "error.request",
      "settings.health.saleor",
      "return.label.carrier",
      "parcel.size.box",
      "parcel.size.grams",
      "channels.line",
      "ticket.channel.LINE",
      "inbox.view.LINE",
      "team.channel.line",
      "rules.choice.channel.line",
    ]);
    const text = JSON.stringify;
    const untranslated = Object.keys(en).filter((id) => text(en[id]) === text(ja[id]) && !sameInBoth.has(id));
    expect(untranslated).toEqual([]);
  });

  it("hold nothing that no screen says", () => {
    const code = sources("src");
    const unused = Object.keys(en).filter((id) => {
      const family = id.slice(0, id.lastIndexOf(".") + 1);
      const [root] = id.split(".");
      return (
        !code.includes(`"${id}"`) &&
        !code.includes(`\`${family}\${`) &&
        !(root && code.includes(`{${root}}.`)) &&
        !/^(repair|part)\.state\./.test(id)
      );
    });
    expect(unused).toEqual([]);
  });
});
