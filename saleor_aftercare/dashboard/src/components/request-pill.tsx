import type { RepairState, SparePartState } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Pill, type Tone } from "./pill";

const TONE: Record<RepairState | SparePartState, Tone> = {
  REQUESTED: "warning",
  ACCEPTED: "success",
  CHECKED_IN: "info",
  DECLINED: "error",
  CANCELED: "neutral",
};

export const REPAIR_STATES = [
  "REQUESTED",
  "ACCEPTED",
  "CHECKED_IN",
  "DECLINED",
  "CANCELED",
] as const satisfies RepairState[];

export const PART_STATES = [
  "REQUESTED",
  "ACCEPTED",
  "DECLINED",
  "CANCELED",
] as const satisfies SparePartState[];

/** How a repair request stands. */
export function RepairPill({ state }: { state: RepairState }) {
  const t = useT();
  return <Pill tone={TONE[state]}>{t(`repair.state.${state}`)}</Pill>;
}

/** How a spare-part request stands. */
export function PartPill({ state }: { state: SparePartState }) {
  const t = useT();
  return <Pill tone={TONE[state]}>{t(`part.state.${state}`)}</Pill>;
}
