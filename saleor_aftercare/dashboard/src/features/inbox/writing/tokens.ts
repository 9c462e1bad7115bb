/** What is being typed after a mark: "/sorry" for ready-made words, "@Ken" for a colleague. */
export interface Token {
  mark: "/" | "@";
  query: string;
  start: number;
}

/** The token that the caret stands in; marks count at the beginning of a word only. */
export function tokenAt(text: string, caret: number, marks: string): Token | undefined {
  const found = /(?:^|\s)([/@])([^\s/@]{0,40})$/u.exec(text.slice(0, caret));
  const [, mark, query = ""] = found ?? [];
  return mark !== undefined && marks.includes(mark)
    ? { mark: mark as Token["mark"], query: query.toLowerCase(), start: caret - query.length - 1 }
    : undefined;
}

/** `text` with what stands between two places replaced, and where the caret is then. */
export function replaced(
  text: string,
  from: number,
  to: number,
  by: string,
): { text: string; caret: number } {
  return { text: text.slice(0, from) + by + text.slice(to), caret: from + by.length };
}

const LEFT = /\{\{-?\s*([A-Za-z_]\w*(?:\.\w+)+)\s*(?:\|[^{}]*)?-?\}\}/g;

/** The variables of ready-made words that stand in a text and that nobody has filled in; the service refuses them. */
export const leftOver = (text: string): string[] => [
  ...new Set([...text.matchAll(LEFT)].map(([, name = ""]) => name)),
];

/** A text as it is quoted in an answer. */
export const quoted = (text: string): string =>
  `${text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")}\n\n`;

/** Addresses as people type them: with commas, semicolons or spaces between. */
export const addresses = (typed: string): string[] => typed.split(/[\s,;、，]+/u).filter(Boolean);
