import type { WordsPartsFragment } from "@/gql/types";
import type { World } from "./world";

const HELD = new WeakMap<World, WordsPartsFragment>();

/** What the mock shop says on paper. */
export function wordsIn(world: World): WordsPartsFragment {
  let held = HELD.get(world);
  if (!held) {
    held = {
      version: 1,
      apologyLetters: [
        { language: "en", subject: "Your replacement", body: "Dear {customer},", signature: "{shop}" },
        { language: "ja", subject: "交換品のお届け", body: "{customer} 様", signature: "{shop}" },
      ],
      ownLetters: ["ja"],
      returnInstructions: [
        { language: "en", text: "" },
        { language: "ja", text: "" },
      ],
    };
    HELD.set(world, held);
  }
  return held;
}

interface Change {
  version: number;
  apologyLetters: WordsPartsFragment["apologyLetters"];
  returnInstructions: WordsPartsFragment["returnInstructions"];
}

function merged<Item extends { language: string }>(old: readonly Item[], changed: readonly Item[]): Item[] {
  return old.map((one) => changed.find((other) => other.language === one.language) ?? one);
}

export const wordsOf = (world: World) => ({
  shopWords: () => wordsIn(world),
  apologyLetter: () => ({ subject: "Your replacement", body: "Dear Jade Guerrero,", signature: "Acme" }),
  apologyLetterPrint: () => ({
    file: { id: "file-letter", url: "https://aftercare.test/files/letter/" },
    errors: [],
  }),
  shopWordsUpdate: ({ version, apologyLetters, returnInstructions }: Change) => {
    const held = wordsIn(world);
    if (version !== held.version) {
      return {
        words: null,
        errors: [
          {
            field: "version",
            message: "Somebody saved the settings meanwhile",
            code: "CONFLICT",
            item: null,
          },
        ],
      };
    }
    Object.assign(held, {
      version: version + 1,
      apologyLetters: merged(held.apologyLetters, apologyLetters),
      returnInstructions: merged(held.returnInstructions, returnInstructions),
      ownLetters: [...new Set([...held.ownLetters, ...apologyLetters.map(({ language }) => language)])],
    });
    return { words: held, errors: [] };
  },
});
