import { Pill, type Tone } from "@/components/pill";
import type { WithdrawalRefundDuty, WithdrawalState } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";

const TONE: Record<WithdrawalState, Tone> = {
  UNMATCHED: "warning",
  OPEN: "info",
  SETTLED: "success",
  OUT_OF_SCOPE: "neutral",
};

/** How far a declared withdrawal is. */
export function WithdrawalPill({ state }: { state: WithdrawalState }) {
  const t = useT();
  return <Pill tone={TONE[state]}>{t(`withdrawal.state.${state}`)}</Pill>;
}

const DUTY_TONE: Record<WithdrawalRefundDuty, Tone> = {
  NONE: "neutral",
  WITHHELD: "neutral",
  RUNNING: "warning",
  OVERDUE: "error",
};

/** A day without a time zone, such as "2026-12-06", at its beginning here. */
export const dayOf = (day: string): string => `${day}T00:00:00`;

/** By when the money is due, and how pressing that is. */
export function DutyPill({ duty, dueOn }: { duty: WithdrawalRefundDuty; dueOn: string | null }) {
  const t = useT();
  const format = useFormat();
  if (duty === "NONE" || dueOn === null) {
    return null;
  }
  return (
    <Pill tone={DUTY_TONE[duty]}>{t(`withdrawal.duty.${duty}`, { date: format.date(dayOf(dueOn)) })}</Pill>
  );
}
