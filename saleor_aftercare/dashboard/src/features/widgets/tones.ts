import type { Tone } from "@/components/pill";
import type { RepairState, ReturnState, TicketState } from "@/gql/types";

export const RETURN_TONE: Record<ReturnState, Tone> = {
  REQUESTED: "warning",
  APPROVED: "info",
  DECLINED: "error",
  RECEIVED: "attention",
  RESOLVED: "success",
  CANCELED: "neutral",
};

export const REQUEST_TONE: Record<RepairState, Tone> = {
  REQUESTED: "warning",
  ACCEPTED: "success",
  DECLINED: "error",
  CANCELED: "neutral",
};

export const TICKET_TONE: Record<TicketState, Tone> = {
  NEW: "info",
  OPEN: "info",
  PENDING: "warning",
  SOLVED: "success",
  CLOSED: "neutral",
  SPAM: "error",
};

export const OPEN_RETURN = new Set<ReturnState>(["REQUESTED", "APPROVED", "RECEIVED"]);
export const OPEN_TICKET = new Set<TicketState>(["NEW", "OPEN", "PENDING"]);
