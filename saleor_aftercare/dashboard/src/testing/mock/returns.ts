import type { MockOrder, MockReturn } from "./types";
import type { World } from "./world";

/** The reasons that every shop starts with, as far as the story needs them. */
export const REASONS = [
  reason("defective", "It is defective", "MERCHANT", [
    {
      code: "noticed",
      label: "When did you notice it?",
      kind: "choice",
      required: true,
      options: [
        { code: "on_arrival", label: "When it arrived" },
        { code: "after_use", label: "After using it for a while" },
      ],
    },
  ]),
  reason("too_small", "It is too small", "CUSTOMER"),
  reason("changed_mind", "I changed my mind", "CUSTOMER"),
];

function reason(code: string, label: string, fault: string, questions: unknown[] = []) {
  return { code, label, fault, questions, photosRequired: 0 };
}

export const labelOf = (code: string): string =>
  REASONS.find((one) => one.code === code)?.label ?? code.replaceAll("_", " ").toLowerCase();

/** What a return of the story has none of, and the schema describes. */
export function plainReturn(ret: MockReturn) {
  return {
    source: "portal",
    legalBasis: "VOLUNTARY",
    legalBasisText: "Voluntary return",
    policyVersion: 3,
    question: null,
    answer: null,
    overrideReason: null,
    overriddenBy: null,
    closingNote: null,
    expiresOn: null,
    sentAt: null,
    arrivedAt: null,
    receivedAt: null,
    refundDueOn: null,
    advanceExchange: false,
    advanceDueOn: null,
    isGift: false,
    giftRecipientName: null,
    giftRecipientEmail: null,
    sendbackPayer: null,
    sendbackStoredUntil: null,
    sendbackTrackingNumber: null,
    warnings: [],
    signals: {
      person: [
        {
          days: 180,
          returns: 2,
          statutory: 0,
          orders: 6,
          sharePercent: 21,
          value: { amount: "120.00", currency: ret.order.currency },
        },
      ],
      address: [],
      peopleAtAddress: 1,
      wrongItems: 0,
      missingUnits: 0,
      rejectedUnits: 0,
      historyCounts: true,
    },
    ...ret,
    lines: ret.lines.map((line) => ({
      unsent: 0,
      quantityApproved: null,
      quantityWrong: 0,
      quantityRejected: 0,
      rejectReason: null,
      kept: false,
      legalBasis: "VOLUNTARY",
      reasonLabel: labelOf(line.reason),
      answers: [],
      resolution: "REFUND",
      exchangeName: null,
      repairNumber: null,
      shopRepairNumbers: [],
      ...line,
    })),
  };
}

/** What may come back of an order, for whatever reason. */
export function eligibilityOf(order: MockOrder) {
  return {
    order,
    policyVersion: 3,
    reasons: REASONS,
    lines: order.lines.map((line) => ({
      orderLine: line,
      returnableQuantity: line.returnableQuantity,
      eligibility: line.eligibility,
      resolutions: ["REFUND", "EXCHANGE"],
      faultyQuantity: line.returnableQuantity,
      faultyEligibility: line.eligibility,
      faultyResolutions: ["REPAIR", "EXCHANGE", "REFUND"],
      whoPaysReturnShipping: "CUSTOMER",
      exchanges: 0,
    })),
  };
}

const IN_VIEW: Record<string, readonly MockReturn["state"][]> = {
  TO_DECIDE: ["REQUESTED"],
  WAITING_FOR_CUSTOMER: ["MORE_INFO"],
  WAITING_FOR_PARCEL: ["APPROVED", "IN_TRANSIT"],
  HELD_UP: [],
  TO_RECEIVE: ["ARRIVED"],
  TO_SETTLE: ["RECEIVED"],
  REFUND_OVERDUE: [],
  EXPIRED: ["EXPIRED"],
  CLOSED: ["RESOLVED", "DECLINED", "CANCELED"],
};

export const isInView = (ret: MockReturn, view: string): boolean =>
  IN_VIEW[view]?.includes(ret.state) ?? true;

export const returnViewCounts = (world: World) =>
  Object.keys(IN_VIEW).map((view) => ({
    view,
    count: world.returns.filter((ret) => isInView(ret, view)).length,
  }));

/** Several returns decided at once: those that wait for a decision are approved, the others say why not. */
export const bulkUpdate = (world: World, { ids }: { ids: string[] }) => {
  const found = ids.flatMap((id) => world.returns.filter((ret) => ret.id === id));
  const results = found.map((ret) => {
    const able = ret.state === "REQUESTED";
    if (able) {
      ret.state = "APPROVED";
    }
    const refusal = { field: null, message: "It cannot be approved any more", code: "CONFLICT" };
    return { id: ret.id, return: plainReturn(ret), errors: able ? [] : [refusal] };
  });
  return { results, count: results.filter((one) => one.errors.length === 0).length, errors: [] };
};
