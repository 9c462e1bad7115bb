import { useMemo } from "react";
import { useIntl } from "react-intl";

/** Names of countries in the person's language. */
export function useRegionNames(): (code: string) => string {
  const { locale } = useIntl();
  return useMemo(() => {
    const names = new Intl.DisplayNames([locale], { type: "region" });
    return (code) => names.of(code) ?? code;
  }, [locale]);
}
