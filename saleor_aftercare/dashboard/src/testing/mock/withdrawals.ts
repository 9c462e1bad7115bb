import type { MockWithdrawal } from "./types";
import type { World } from "./world";

const MUG = { id: "T3JkZXJMaW5lOm11Zw==", productName: "Blue mug", variantName: "" };
const ENGRAVED = { id: "T3JkZXJMaW5lOmVuZ3I=", productName: "Engraved mug", variantName: "Ada" };

/** A declaration of today for a whole order, in force and without anything that speaks against it. */
export function newWithdrawal(world: World, changes: Partial<MockWithdrawal> = {}): MockWithdrawal {
  return {
    id: `V2l0aGRyYXdhbD${changes.number ?? "WD-1001"}`,
    number: "WD-1001",
    state: "OPEN",
    flags: [],
    notices: [],
    name: "Ada Example",
    email: "ada@example.com",
    contract: "1042",
    statement: "I hereby withdraw from the whole contract, order number 1042.\n\nName: Ada Example",
    goods: "",
    wholeContract: true,
    language: "en",
    declaredAt: world.ago(3_600_000),
    refundDueOn: "2026-12-06",
    refundDuty: "RUNNING",
    order: null,
    return: null,
    periodEndsOn: "2026-12-01",
    periodEstimated: true,
    periodExplained:
      "The last parcel arrived on 17 November 2026 (estimated); 14 days end on 1 December 2026.",
    sendBackBy: "2026-12-07",
    sentProofAt: null,
    proofTrackingNumber: null,
    outOfScopeReason: null,
    decidedBy: null,
    statusUrl: "https://aftercare.test/portal/shop/withdrawals/WD-1001/",
    actions: ["carry_out", "out_of_scope", "prove"],
    acknowledgement: {
      state: "sent",
      writtenAt: world.ago(3_600_000),
      email: "ada@example.com",
      error: null,
    },
    proofs: [],
    lines: [],
    exceptions: [],
    offers: [
      { sent: 2, unsent: 0, coverage: "COVERED", orderLine: MUG },
      { sent: 1, unsent: 0, coverage: "EXCEPTED", orderLine: ENGRAVED },
    ],
    ticket: null,
    timeline: [],
    ...changes,
  };
}

const IN_VIEW: Record<string, (one: MockWithdrawal) => boolean> = {
  OPEN: (one) => one.state === "OPEN",
  DUE_SOON: (one) => one.state === "OPEN" && one.refundDuty !== "WITHHELD",
  NEEDS_STAFF: (one) => one.state === "OPEN" && one.return === null,
  UNMATCHED: (one) => one.state === "UNMATCHED",
  OUT_OF_SCOPE: (one) => one.state === "OUT_OF_SCOPE",
  SETTLED: (one) => one.state === "SETTLED",
  ALL: () => true,
};

interface Change {
  id: string;
  orderNumber?: string;
  lines?: { orderLineId: string; quantity: number }[];
  reason?: string;
  trackingNumber?: string;
}

/** Declared withdrawals, and what staff do with them. */
export function withdrawalsOf(world: World) {
  const change =
    (how: (one: MockWithdrawal, given: Change) => void, refuse?: (given: Change) => string | undefined) =>
    (given: Change) => {
      const message = refuse?.(given);
      if (message !== undefined) {
        return { withdrawal: null, errors: [{ field: null, message, code: "NOT_FOUND" }] };
      }
      const one = world.withdrawals.find((other) => other.id === given.id);
      if (one) {
        how(one, given);
      }
      return { withdrawal: one ?? null, errors: [] };
    };
  return {
    withdrawal: ({ number }: { number: string }) =>
      world.withdrawals.find((one) => one.number === number) ?? null,
    withdrawals: ({ view = "ALL", search = "" }: { view?: string; search?: string }) => {
      const nodes = world.withdrawals.filter(
        (one) => IN_VIEW[view]?.(one) === true && (search === "" || one.number === search),
      );
      return {
        edges: nodes.map((node) => ({ node, cursor: node.id })),
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        totalCount: nodes.length,
      };
    },
    withdrawalMatch: change(
      (one, { orderNumber }) => {
        one.state = "OPEN";
        one.order = { id: "T3JkZXI6MQ==", number: orderNumber ?? "" };
        one.actions = ["out_of_scope", "prove"];
      },
      ({ orderNumber }) => (orderNumber === "404" ? "There is no such order." : undefined),
    ),
    withdrawalCarryOut: change((one, { lines }) => {
      one.lines = (lines ?? []).map((line) => ({
        quantity: line.quantity,
        orderLine: line.orderLineId === MUG.id ? MUG : ENGRAVED,
      }));
      one.return = { number: "RMA-1009" };
      one.actions = ["out_of_scope", "prove"];
    }),
    withdrawalMarkOutOfScope: change((one, { reason }) => {
      one.state = "OUT_OF_SCOPE";
      one.outOfScopeReason = reason ?? "";
      one.actions = ["reopen"];
    }),
    withdrawalReopen: change((one) => {
      one.state = "OPEN";
      one.outOfScopeReason = null;
      one.actions = ["out_of_scope"];
    }),
    withdrawalProveSending: change((one, { trackingNumber }) => {
      one.sentProofAt = world.ago(0);
      one.proofTrackingNumber = trackingNumber ?? null;
      one.actions = ["out_of_scope"];
    }),
  };
}
