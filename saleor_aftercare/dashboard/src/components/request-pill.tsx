import type { RepairState, SparePartState } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Pill, type Tone } from "./pill";

const TONE: Record<RepairState | SparePartState, Tone> = {
  REQUESTED: "warning",
  ACCEPTED: "success",
  DECLINED: "error",
  CANCELED: "neutral",
};

export const REQUEST_STATES = [
  "REQUESTED",
  "ACCEPTED",
  "DECLINED",
  "CANCELED",
] as const satisfies RepairState[];

/** How a repair or spare-part request stands. */
export function RequestPill({
  kind,
  state,
}: {
  kind: "repair" | "part";
  state: RepairState | SparePartState;
}) {
  const t = useT();
  return <Pill tone={TONE[state]}>{t(`${kind}.state.${state}`)}</Pill>;
}
