import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { IntlProvider, useIntl } from "react-intl";
import { useBridgeState } from "./bridge";
import { chunk } from "./chunk";
import { type Language, languageOf } from "./language";

export type MessageId = keyof typeof import("./messages/en.messages.json");
type Catalogue = Record<string, MessageFormatElement[]>;
type Values = Record<string, string | number>;

// The compiled catalogues are syntax trees; TypeScript sees the JSON they were compiled from.
const load: Record<Language, () => Promise<{ default: unknown }>> = {
  en: chunk(() => import("./messages/en.messages.json")),
  ja: chunk(() => import("./messages/ja.messages.json")),
};

const AGAIN_MS = 5_000;

/** Follows the Dashboard's language; renders nothing until its catalogue has arrived. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const locale = useBridgeState((state) => state.locale);
  const language = languageOf(locale);
  const [loaded, setLoaded] = useState<{ language: Language; catalogue: Catalogue }>();

  useEffect(() => {
    let current = true;
    let timer: number | undefined;
    const fetch = () =>
      load[language]().then(
        (module) => {
          if (current) {
            setLoaded({ language, catalogue: module.default as Catalogue });
            document.documentElement.lang = language;
          }
        },
        () => {
          // Without words nothing can be said about it; what is shown stays in the language before.
          timer = window.setTimeout(fetch, AGAIN_MS);
        },
      );
    void fetch();
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [language]);

  if (!loaded) {
    return null;
  }
  // Dates and numbers follow the person's region ("en-GB") where the language is the same.
  const region = languageOf(locale) === loaded.language ? locale : loaded.language;
  return (
    <IntlProvider locale={safeLocale(region)} messages={loaded.catalogue} onError={throwIt}>
      {children}
    </IntlProvider>
  );
}

function safeLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replace("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

function throwIt(error: Error): void {
  throw error;
}

export type Translate = (id: MessageId, values?: Values) => string;

/** The translator: message ids are checked by the compiler, catalogues by a test. */
export function useT(): Translate {
  const intl = useIntl();
  return useCallback<Translate>((id, values) => intl.formatMessage({ id }, values), [intl]);
}
