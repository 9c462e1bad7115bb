import { type MessageFormatElement, TYPE } from "@formatjs/icu-messageformat-parser";

/** A part of a message as catalogues travel: words as they are, a value as its name alone in brackets. */
export type Packed = string | [name: string] | MessageFormatElement | PackedChoice;

interface PackedChoice {
  type: TYPE.plural | TYPE.select;
  options: Record<string, Packed[]>;
}

/** Syntax trees of messages without what they have in common, which is a tenth of what a browser must fetch. */
export interface PackedCatalogue {
  ids: string[];
  texts: (string | Packed[])[];
}

export function pack(messages: Record<string, MessageFormatElement[]>): PackedCatalogue {
  return {
    ids: Object.keys(messages),
    texts: Object.values(messages).map((parts) => {
      const [first, ...more] = parts.map(packPart);
      return typeof first === "string" && more.length === 0 ? first : parts.map(packPart);
    }),
  };
}

function packPart(part: MessageFormatElement): Packed {
  switch (part.type) {
    case TYPE.literal:
      return part.value;
    case TYPE.argument:
      return [part.value];
    case TYPE.plural:
    case TYPE.select: {
      const options = Object.entries(part.options).map(([name, { value }]) => [name, value.map(packPart)]);
      return { ...part, options: Object.fromEntries(options) };
    }
    default:
      return part;
  }
}

export function unpack({ ids, texts }: PackedCatalogue): Record<string, MessageFormatElement[]> {
  return Object.fromEntries(
    ids.map((id, at) => {
      const text = texts[at] ?? "";
      return [id, typeof text === "string" ? [unpackPart(text)] : text.map(unpackPart)];
    }),
  );
}

function unpackPart(part: Packed): MessageFormatElement {
  if (typeof part === "string") {
    return { type: TYPE.literal, value: part };
  }
  if (Array.isArray(part)) {
    return { type: TYPE.argument, value: part[0] };
  }
  if (!("options" in part)) {
    return part;
  }
  const options = Object.entries(part.options).map(([name, value]) => [
    name,
    Array.isArray(value) ? { value: value.map(unpackPart) } : value,
  ]);
  return { ...part, options: Object.fromEntries(options) } as MessageFormatElement;
}
