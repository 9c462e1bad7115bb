import { CircleAlert, CircleCheck, Clock } from "lucide-react";
import { Pill, type Tone } from "@/components/pill";
import type {
  LegalBasis,
  RefundPartsFragment,
  ReturnCardFragment,
  ReturnHitch,
  ReturnView,
} from "@/gql/types";
import { useT } from "@/lib/intl";

export type State = ReturnCardFragment["state"];

/** The lists that work is done from, in the order of the work. */
export const VIEWS: readonly ReturnView[] = [
  "TO_DECIDE",
  "WAITING_FOR_CUSTOMER",
  "WAITING_FOR_PARCEL",
  "HELD_UP",
  "TO_RECEIVE",
  "TO_SETTLE",
  "REFUND_OVERDUE",
  "EXPIRED",
  "CLOSED",
];

export const BASES: readonly LegalBasis[] = [
  "WITHDRAWAL",
  "VOLUNTARY",
  "EXCHANGE",
  "GUARANTEE",
  "WARRANTY",
  "GOODWILL",
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

/** Why an approved return waits for a new label. */
export function HitchPill({ hitch }: { hitch: ReturnHitch | null }) {
  const t = useT();
  return hitch && <Pill tone="warning">{t(`return.hitch.${hitch}`)}</Pill>;
}

const BASIS_TONE: Record<LegalBasis, Tone> = {
  WITHDRAWAL: "attention",
  VOLUNTARY: "neutral",
  EXCHANGE: "neutral",
  GUARANTEE: "attention",
  WARRANTY: "info",
  GOODWILL: "neutral",
};

/** What the case rests on; a statutory right is set apart. */
export function BasisPill({ basis }: { basis: LegalBasis }) {
  const t = useT();
  return <Pill tone={BASIS_TONE[basis]}>{t(`return.basis.${basis}`)}</Pill>;
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
