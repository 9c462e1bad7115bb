import type { SlaPolicyPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { toSpan } from "./values";

type Target = SlaPolicyPartsFragment["targets"][number];

/** A promise in a few words: "First answer: 4 working hours". */
export function useTargetText(): (target: Target) => string {
  const t = useT();
  return ({ target, minutes, inWorkingTime }) => {
    const { amount, unit } = toSpan(minutes);
    return t("sla.target.text", {
      target: t(`sla.target.${target}`),
      span: t(`sla.span.${unit}`, { count: amount }),
      how: t(inWorkingTime ? "sla.inWorkingTime" : "sla.byTheClock"),
    });
  };
}
