import type { Tone } from "@/components/pill";
import type { RepairState, ReturnState, TicketState, WithdrawalState } from "@/gql/types";

export const RETURN_TONE: Record<ReturnState, Tone> = {
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

export const REQUEST_TONE: Record<RepairState, Tone> = {
  REQUESTED: "warning",
  ACCEPTED: "success",
  CHECKED_IN: "info",
  DECLINED: "error",
  CANCELED: "neutral",
};

export const WITHDRAWAL_TONE: Record<WithdrawalState, Tone> = {
  UNMATCHED: "warning",
  OPEN: "info",
  SETTLED: "success",
  OUT_OF_SCOPE: "neutral",
};

export const TICKET_TONE: Record<TicketState, Tone> = {
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

export const OPEN_RETURN = new Set<ReturnState>([
  "REQUESTED",
  "MORE_INFO",
  "APPROVED",
  "IN_TRANSIT",
  "LOST",
  "ARRIVED",
  "RECEIVED",
]);
export const OPEN_TICKET = new Set<TicketState>(["NEW", "OPEN", "PENDING", "WAITING", "ON_HOLD"]);
