import { useMemo } from "react";
import { useIntl } from "react-intl";
import { type Format, formatFor } from "./format";

/** Money, dates and sizes as the person's region writes them. */
export function useFormat(): Format {
  const { locale } = useIntl();
  return useMemo(() => formatFor(locale), [locale]);
}
