import type {
  DeliverySource,
  DeliveryState,
  MessageKind,
  RefundMethod,
  RefundState,
  RepairState,
  ReturnReason,
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
    reason: ReturnReason;
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
  description: string;
  intakeSlipUrl: string | null;
}

export interface MockPart extends MockRequest {
  partDescription: string;
  quantity: number;
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
  thread: MockMessage[];
  version: number;
}
