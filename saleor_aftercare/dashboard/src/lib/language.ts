export type Language = "en" | "ja";

/** The nearest language that we speak. */
export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith("ja") ? "ja" : "en");
