import { useMemo } from "react";
import { useT } from "@/lib/intl";
import type { SettingsValues } from "./values";

/** What the form checks by itself; the server has the last word on everything. */
export function useRules() {
  const t = useT();
  return useMemo(() => {
    const email = { value: /^\S+@\S+\.\S+$/, message: t("settings.invalid.email") };
    return {
      email: { pattern: email },
      // No address at all may be saved with the other settings; half of one may not.
      address: {
        validate: (text: string, { returnAddress }: SettingsValues) =>
          text.trim() !== "" ||
          Object.values(returnAddress).every((one) => one === "") ||
          t("settings.invalid.required"),
      },
      whole: (min: number, max: number) => ({
        validate: (text: string) => {
          const value = Number(text);
          const fine = text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max;
          return fine || t("settings.invalid.number", { min, max });
        },
      }),
    };
  }, [t]);
}
