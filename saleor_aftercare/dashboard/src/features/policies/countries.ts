import { useMemo } from "react";
import { useIntl } from "react-intl";

/** Countries by their codes, as a person reads and types them. */
export function useCountries(): { name: (code: string) => string; tidy: (text: string) => string } {
  const { locale } = useIntl();
  return useMemo(() => {
    const names = new Intl.DisplayNames([locale], { type: "region" });
    return {
      name: (code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code),
      tidy: (text) => text.toUpperCase(),
    };
  }, [locale]);
}

/** The European Economic Area, where consumers may withdraw from what they bought at a distance. */
export const EEA: readonly string[] =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" ");
