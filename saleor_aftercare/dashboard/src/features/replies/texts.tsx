import { TextArea } from "@/components/field";
import { useT } from "@/lib/intl";

export type Texts = Record<"en" | "ja", string>;

export const LANGUAGES = ["en", "ja"] as const;

/** What the service says by language, as two fields have it. */
export const toTexts = (given: readonly { language: string; text: string }[] = []): Texts => ({
  en: given.find(({ language }) => language === "en")?.text ?? "",
  ja: given.find(({ language }) => language === "ja")?.text ?? "",
});

export const toList = (texts: Texts): { language: string; text: string }[] =>
  LANGUAGES.map((language) => ({ language, text: texts[language] }));

/** The same words in each language of the shop's customers. */
export function TextFields({
  texts,
  rows = 6,
  errorAt,
  onChange,
}: {
  texts: Texts;
  rows?: number;
  errorAt: (language: string) => string | undefined;
  onChange: (texts: Texts) => void;
}) {
  const t = useT();
  return (
    <>
      {LANGUAGES.map((language) => (
        <TextArea
          key={language}
          label={t(`replies.text.${language}`)}
          lang={language}
          rows={rows}
          error={errorAt(language)}
          value={texts[language]}
          onChange={(event) => onChange({ ...texts, [language]: event.target.value })}
        />
      ))}
    </>
  );
}
