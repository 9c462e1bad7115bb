import type {
  DeliverySource,
  DeliveryState,
  MessageKind,
  RefundMethod,
  RefundState,
  RepairState,
  ReturnState,
  SparePartState,
  TicketChannel,
  TicketState,
  Verdict,
} from "@/gql/types";
import type { MockParcel } from "./parcels";

export interface MockMoney {
  amount: string;
  currency: string;
}

export interface MockStaff {
  id: string;
  name: string;
  email: string;
  isMe: boolean;
}

export interface MockPerson {
  name: string;
  email: string;
  userId: string | null;
  language: string;
}

export interface MockFile {
  id: string;
  name: string;
  contentType: string;
  sizeBytes: number;
  url: string;
  thumbnailUrl: string | null;
}

export interface MockOrderLine {
  id: string;
  productName: string;
  variantName: string;
  sku: string;
  quantity: number;
  thumbnailUrl: string | null;
  unitPrice: MockMoney;
  returnableQuantity: number;
  eligibility: { verdict: Verdict; reasons: string[]; messages: string[]; returnableUntil: string | null };
}

export interface MockOrder {
  id: string;
  number: string;
  placedAt: string;
  status: string;
  currency: string;
  total: MockMoney;
  shippingPrice: MockMoney;
  customerName: string;
  customerEmail: string;
  language: string;
  lines: MockOrderLine[];
  fulfillments: {
    id: string;
    number: number;
    status: string;
    trackingNumber: string;
    shippedAt: string;
    deliveredAt: string | null;
    deliveredSource: DeliverySource | null;
    deliveredConfidence: number | null;
    lines: { orderLineId: string; quantity: number }[];
  }[];
  returns: MockReturn[];
  withdrawals: MockWithdrawal[];
}

export interface MockMessage {
  id: string;
  kind: MessageKind;
  authorName: string;
  authorEmail: string | null;
  createdAt: string;
  body: string;
  bodyHtml: string;
  language: string;
  attachments: MockFile[];
  delivery: DeliveryState | null;
  deliveryError: string | null;
  event: string | null;
  isMail: boolean;
  isAutomatic: boolean;
  hasQuoted: boolean;
  hasHtml: boolean;
}

export interface MockRefund {
  id: string;
  amount: MockMoney;
  method: RefundMethod;
  state: RefundState;
  failure: string | null;
  createdAt: string;
  settledAt: string | null;
  steps: { kind: string; label: string; state: string; at: string | null; error: string | null }[];
  actions: string[];
}

export interface MockReturn {
  id: string;
  number: string;
  state: ReturnState;
  stateSince: string;
  requestedAt: string;
  order: MockOrder;
  lines: {
    id: string;
    orderLine: MockOrderLine;
    quantity: number;
    quantityReceived: number | null;
    reason: string;
    note: string;
    photos: MockFile[];
    amount: MockMoney;
  }[];
  note: string;
  verdict: Verdict;
  policyMessages: string[];
  whoPaysReturnShipping: "CUSTOMER" | "MERCHANT";
  declineReason: string | null;
  label: {
    number: string;
    carrier: string;
    trackingNumber: string | null;
    a6Url: string;
    a4Url: string;
    createdAt: string;
  } | null;
  parcels: MockParcel[];
  recordedInSaleor: boolean;
  refund: MockRefund | null;
  ticket: MockTicket | null;
  statusUrl: string | null;
  timeline: { at: string; event: string; text: string; actor: string | null }[];
  actions: string[];
}

export interface MockRequest {
  id: string;
  number: string;
  state: RepairState & SparePartState;
  requestedAt: string;
  customerName: string;
  customerEmail: string;
  order: MockOrder | null;
  orderLine: MockOrderLine | null;
  productName: string;
  serialNumber: string;
  photos: MockFile[];
  declineReason: string | null;
  ticket: MockTicket | null;
  actions: string[];
}

export interface MockRepair extends MockRequest {
  forWhom: "CUSTOMER" | "RECIPIENT" | "SHOP";
  quantity: number;
  returnNumber: string | null;
  checkedInAt: string | null;
  findings: string | null;
  description: string;
  intakeSlipUrl: string | null;
}

export interface MockPart extends MockRequest {
  partDescription: string;
  quantity: number;
}

/** A declared withdrawal, in the shape of the API. */
export interface MockWithdrawal {
  id: string;
  number: string;
  state: "UNMATCHED" | "OPEN" | "SETTLED" | "OUT_OF_SCOPE";
  flags: string[];
  notices: string[];
  name: string;
  email: string;
  contract: string;
  statement: string;
  goods: string;
  wholeContract: boolean;
  language: string;
  declaredAt: string;
  refundDueOn: string | null;
  refundDuty: "NONE" | "WITHHELD" | "RUNNING" | "OVERDUE";
  order: { id: string; number: string } | null;
  return: { number: string } | null;
  periodEndsOn: string | null;
  periodEstimated: boolean;
  periodExplained: string | null;
  sendBackBy: string | null;
  sentProofAt: string | null;
  proofTrackingNumber: string | null;
  outOfScopeReason: string | null;
  decidedBy: string | null;
  statusUrl: string;
  actions: string[];
  acknowledgement: { state: string; writtenAt: string; email: string; error: string | null } | null;
  proofs: never[];
  lines: { quantity: number; orderLine: MockWithdrawalLine }[];
  exceptions: { reason: string; orderLine: MockWithdrawalLine }[];
  offers: { sent: number; unsent: number; coverage: string; orderLine: MockWithdrawalLine }[];
  ticket: { number: number; subject: string } | null;
  timeline: { at: string; event: string; text: string; actor: string | null }[];
}

interface MockWithdrawalLine {
  id: string;
  productName: string;
  variantName: string;
}

export interface MockTicket {
  id: string;
  number: number;
  subject: string;
  state: TicketState;
  channel: TicketChannel;
  language: string;
  assignee: MockStaff | null;
  person: MockPerson;
  createdAt: string;
  unread: boolean;
  dueAt: string | null;
  order: MockOrder | null;
  returns: MockReturn[];
  repairRequests: MockRepair[];
  sparePartRequests: MockPart[];
  withdrawals: MockWithdrawal[];
  thread: MockMessage[];
  version: number;
}
