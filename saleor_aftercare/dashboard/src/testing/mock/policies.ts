import type { PolicyPartsFragment, ReasonPartsFragment, ReturnPolicyInput } from "@/gql/types";
import type { World } from "./world";

export interface MockPromises {
  policy: PolicyPartsFragment;
  reasons: ReasonPartsFragment[];
}

const reason = (
  code: string,
  label: string,
  more: Partial<ReasonPartsFragment> = {},
): ReasonPartsFragment => ({
  code,
  label,
  labels: [],
  fault: "CUSTOMER",
  active: true,
  staffOnly: false,
  builtIn: true,
  photosRequired: 0,
  suggests: null,
  saleorReturnReference: "",
  saleorRefundReference: "",
  questions: [],
  ...more,
});

const rule = (more: Partial<PolicyPartsFragment["rules"][number]>): PolicyPartsFragment["rules"][number] => ({
  name: "",
  channels: [],
  countries: [],
  productTypes: [],
  collections: [],
  products: [],
  skus: [],
  metadata: [],
  digital: false,
  exclusion: "NONE",
  windowDays: 30,
  windowFrom: "DELIVERED",
  graceDays: 0,
  afterWindow: "ASK_STAFF",
  whoPays: "CUSTOMER",
  returnFee: [],
  restockingPercent: "0.00",
  resolutions: ["REFUND", "STORE_CREDIT"],
  storeCreditBonusPercent: "5.00",
  ...more,
});

const policy = (): PolicyPartsFragment => ({
  version: 3,
  createdAt: "2026-11-01T09:00:00+00:00",
  createdBy: "Mei Tanaka",
  preset: "EU",
  rules: [
    rule({ name: "Outlet", collections: ["outlet"], exclusion: "FINAL_SALE" }),
    rule({ name: "Food", productTypes: ["Food"], windowDays: 14 }),
    rule({}),
  ],
  autoApprove: true,
  autoApproveLimit: [{ amount: "100.00", currency: "EUR" }],
  autoApproveReasons: [],
  autoApproveMaxReturns: null,
  keepItemLimit: [],
  evidence: [{ reason: "damaged_in_transit", photos: 1 }],
  refundOriginalShipping: true,
  returnAddresses: [],
  shipWithinDays: 14,
  advanceExchangeDays: 14,
  tenderOrder: "CARD_FIRST",
  withdrawalEnabled: true,
  withdrawalCountries: ["DE", "FR"],
  withdrawalDays: 14,
  statement: [],
});

export const newPromises = (): MockPromises => ({
  policy: policy(),
  reasons: [
    reason("defective", "It is defective", { fault: "MERCHANT" }),
    reason("damaged_in_transit", "It arrived damaged", { fault: "CARRIER", photosRequired: 1 }),
    reason("changed_mind", "I changed my mind"),
  ],
});

/** What the service says about promises. */
export function policyRoot(world: World) {
  const { promises } = world;
  const save = (document: ReturnPolicyInput) => {
    promises.policy = {
      ...(document as unknown as PolicyPartsFragment),
      version: promises.policy.version + 1,
      createdAt: world.ago(0),
      createdBy: world.me.name,
    };
  };
  return {
    returnPolicy: () => promises.policy,
    returnPolicyPage: {
      language: "en",
      version: 3,
      inForceSince: "2026-11-01T09:00:00+00:00",
      url: "https://aftercare.test/portal/nordlicht/policy/",
      sections: [],
    },
    returnReasonCatalogue: () => promises.reasons,
    saleorReasons: { refunds: [{ id: "UGFnZTox", title: "Faulty goods" }], returns: [] },
    returnPolicyPreset: () => ({ ...policy(), preset: "JAPAN", rules: [rule({ windowDays: 8 })] }),
    returnPolicyPreview: ({
      document,
      orderNumber,
    }: {
      document: ReturnPolicyInput;
      orderNumber: string;
    }) => {
      const order = world.orders.find((one) => one.number === orderNumber);
      if (!order) {
        throw new Error("There is no such order.");
      }
      const last = document.rules.length - 1;
      return {
        value: { amount: "49.00", currency: "EUR" },
        approvedAtOnce: true,
        approvalMessages: [],
        keepsItems: false,
        lines: order.lines.map((orderLine) => ({
          orderLine,
          verdict: "ACCEPT",
          messages: [],
          ifFaulty: "ASK_STAFF",
          ifFaultyMessages: ["We look at it."],
          rule: last,
          ruleName: "",
          returnableQuantity: 1,
          until: `2026-12-${String(document.rules[last]?.windowDays ?? 0).padStart(2, "0")}`,
          exclusion: "NONE",
          resolutions: document.rules[last]?.resolutions ?? [],
          whoPays: "CUSTOMER",
          returnFee: null,
          restockingPercent: "0.00",
          storeCreditBonusPercent: "0.00",
        })),
      };
    },
    returnPolicyUpdate: ({ version, document }: { version: number; document: ReturnPolicyInput }) => {
      if (version !== promises.policy.version) {
        return { errors: [{ code: "CONFLICT", message: "Somebody saved meanwhile", field: "version" }] };
      }
      const wrong = document.rules.findIndex((one) => one.windowDays < 0);
      if (wrong >= 0) {
        const field = `rules.${wrong}.windowDays`;
        return { errors: [{ code: "INVALID", message: "A whole number from 0 to 3650.", field }] };
      }
      save(document);
      return { returnPolicy: promises.policy, errors: [] };
    },
    returnReasonSave: ({ code, input }: { code?: string; input: Partial<ReasonPartsFragment> }) => {
      const label = input.labels?.[0]?.text ?? "";
      if (code) {
        promises.reasons = promises.reasons.map((one) => (one.code === code ? { ...one, ...input } : one));
      } else {
        promises.reasons = [...promises.reasons, reason("new", label, { ...input, builtIn: false })];
      }
      return { code: code ?? "new", reasons: promises.reasons, errors: [] };
    },
    returnReasonsOrder: ({ codes }: { codes: string[] }) => {
      promises.reasons = codes.flatMap((code) => promises.reasons.filter((one) => one.code === code));
      return { reasons: promises.reasons, errors: [] };
    },
  };
}
