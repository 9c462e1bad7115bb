import { useMemo } from "react";
import { useT } from "@/lib/intl";

/** What the form checks by itself; the server has the last word on everything. */
export function useRules() {
  const t = useT();
  return useMemo(() => {
    const email = { value: /^\S+@\S+\.\S+$/, message: t("settings.invalid.email") };
    const needed = t("settings.invalid.required");
    return {
      required: { required: needed },
      email: { required: needed, pattern: email },
      optionalEmail: { pattern: email },
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
