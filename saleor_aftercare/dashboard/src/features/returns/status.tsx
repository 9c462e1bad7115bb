import { CircleAlert, CircleCheck, Clock } from "lucide-react";
import { Pill, type Tone } from "@/components/pill";
import type { RefundPartsFragment, ReturnCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";

export type State = ReturnCardFragment["state"];

export const STATES: readonly State[] = [
  "REQUESTED",
  "MORE_INFO",
  "APPROVED",
  "IN_TRANSIT",
  "ARRIVED",
  "RECEIVED",
  "RESOLVED",
  "DECLINED",
  "CANCELED",
  "EXPIRED",
  "LOST",
];

const TONE: Record<State, Tone> = {
  REQUESTED: "warning",
  MORE_INFO: "neutral",
  APPROVED: "info",
  EXPIRED: "neutral",
  IN_TRANSIT: "info",
  LOST: "error",
  ARRIVED: "attention",
  DECLINED: "error",
  RECEIVED: "attention",
  RESOLVED: "success",
  CANCELED: "neutral",
};

export function ReturnPill({ state }: { state: State }) {
  const t = useT();
  return <Pill tone={TONE[state]}>{t(`return.state.${state}`)}</Pill>;
}

const VERDICT_TONE: Record<ReturnCardFragment["verdict"], Tone> = {
  ACCEPT: "success",
  ASK_STAFF: "warning",
  REFUSE: "error",
};

export function VerdictPill({ verdict }: { verdict: ReturnCardFragment["verdict"] }) {
  const t = useT();
  return <Pill tone={VERDICT_TONE[verdict]}>{t(`return.verdict.${verdict}`)}</Pill>;
}

const REFUND_TONE: Record<RefundPartsFragment["state"], Tone> = {
  PENDING: "neutral",
  PROCESSING: "info",
  AWAITING_PROVIDER: "info",
  SUCCEEDED: "success",
  FAILED: "error",
  NEEDS_STAFF: "error",
};

export function RefundPill({ state }: { state: RefundPartsFragment["state"] }) {
  const t = useT();
  const tone = REFUND_TONE[state];
  const Icon = tone === "success" ? CircleCheck : tone === "error" ? CircleAlert : Clock;
  return (
    <Pill tone={tone} icon={<Icon aria-hidden />}>
      {t(`refund.state.${state}`)}
    </Pill>
  );
}
