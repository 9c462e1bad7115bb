import { Clock, MessageSquare, Package, Puzzle, Wrench } from "lucide-react";
import { Pill, type Tone } from "@/components/pill";
import type { TicketRowFragment } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";

const HOUR = 3_600_000;

type TicketKind = "return" | "repair" | "part" | "message";

const kindOf = (ticket: TicketRowFragment): TicketKind => {
  if (ticket.returns.length > 0) {
    return "return";
  }
  if (ticket.repairRequests.length > 0) {
    return "repair";
  }
  return ticket.sparePartRequests.length > 0 ? "part" : "message";
};

const KIND_ICON = { return: Package, repair: Wrench, part: Puzzle, message: MessageSquare };

export function KindPill({ ticket }: { ticket: TicketRowFragment }) {
  const t = useT();
  const kind = kindOf(ticket);
  const Icon = KIND_ICON[kind];
  return <Pill icon={<Icon aria-hidden />}>{t(`ticket.kind.${kind}`)}</Pill>;
}

/** When the next promise is broken: calm above an hour, a warning below, an error when it was. */
export function DuePill({ ticket }: { ticket: { breachAt: string | null } }) {
  const t = useT();
  const format = useFormat();
  const moment = useNow();
  if (ticket.breachAt === null) {
    return null;
  }
  const left = Date.parse(ticket.breachAt) - moment;
  const tone: Tone = left < 0 ? "error" : left < HOUR ? "warning" : "neutral";
  return (
    <Pill tone={tone} icon={<Clock aria-hidden />}>
      {t(left < 0 ? "ticket.overdueBy" : "ticket.dueIn", { span: format.span(left) })}
    </Pill>
  );
}

const STATE_TONE: Record<TicketRowFragment["state"], Tone> = {
  NEW: "info",
  OPEN: "info",
  PENDING: "warning",
  WAITING: "warning",
  ON_HOLD: "neutral",
  SOLVED: "success",
  CLOSED: "neutral",
  SPAM: "error",
  MERGED: "neutral",
};

export const stateLabel = (state: TicketRowFragment["state"]): MessageId => `ticket.state.${state}`;

export function StatePill({ state }: { state: TicketRowFragment["state"] }) {
  const t = useT();
  return <Pill tone={STATE_TONE[state]}>{t(stateLabel(state))}</Pill>;
}
