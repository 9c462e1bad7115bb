import { Pill, type Tone } from "@/components/pill";
import type { ParcelState } from "@/gql/types";
import { useT } from "@/lib/intl";

const TONES: Record<ParcelState, Tone> = {
  WANTED: "info",
  AWAITING_NUMBER: "attention",
  UNKNOWN: "error",
  FAILED: "error",
  READY: "info",
  IN_TRANSIT: "info",
  ARRIVED: "success",
  LOST: "error",
  RETURNED: "warning",
  VOID: "neutral",
  EXPIRED: "warning",
};

export function ParcelPill({ state }: { state: ParcelState }) {
  const t = useT();
  return <Pill tone={TONES[state]}>{t(`parcel.state.${state}`)}</Pill>;
}
