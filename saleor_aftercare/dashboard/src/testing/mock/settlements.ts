import type { RefundRoute } from "@/gql/types";
import type { MockMoney, MockReturn } from "./types";
import type { World } from "./world";

interface Options {
  route?: RefundRoute;
  deductions?: { lineId: string; amount: string; reason: string }[];
  waiveFees?: boolean;
  goodwillShipping?: boolean;
  importCharges?: { amount: string; note: string } | null;
  instead?: "REFUND" | "STORE_CREDIT" | null;
}

interface SettleInput {
  fingerprint: string;
  idempotencyKey: string;
  note?: string;
  options?: Options;
}

interface MockItem {
  kind: string;
  label: string;
  amount: MockMoney;
  lineId: string | null;
  name: string;
  units: number | null;
  tax: MockMoney | null;
  percent: string | null;
  reason: string;
  orderNumber: string | null;
}

export interface MockSettlement {
  id: string;
  state: "RUNNING" | "DONE" | "FAILED" | "NEEDS_STAFF";
  items: MockItem[];
  refund: MockMoney;
  credit: MockMoney;
  bonus: MockMoney;
  exchange: MockMoney;
  note: string | null;
  decidedBy: string;
  createdAt: string;
  finishedAt: string | null;
  refunds: object[];
  storeCredits: object[];
  actions: string[];
}

interface Held {
  settlements: Map<string, MockSettlement[]>;
  /** What is left of the order's payment; a test lowers it to play somebody in the Dashboard. */
  available: Map<string, number>;
  /** Returns whose goods cross a customs border. */
  abroad: Set<string>;
  /** Returns whose goods in exchange were canceled after they were given. */
  notSent: Set<string>;
  /** Returns of goods that came in exchange, with the number of the order that they were paid with. */
  paidWith: Map<string, string>;
  keys: Map<string, MockSettlement>;
}

const HELD = new WeakMap<World, Held>();

/** What the mock shop has given for its returns. */
export function settlementsIn(world: World): Held {
  let held = HELD.get(world);
  if (!held) {
    held = {
      settlements: new Map(),
      available: new Map(),
      abroad: new Set(),
      notSent: new Set(),
      paidWith: new Map(),
      keys: new Map(),
    };
    HELD.set(world, held);
  }
  return held;
}

function sum(world: World, ret: MockReturn, options: Options) {
  const { currency } = ret.order;
  const digits = currency === "JPY" ? 0 : 2;
  const money = (amount: number): MockMoney => ({ amount: amount.toFixed(digits), currency });
  const item = (kind: string, label: string, amount: number, rest: Partial<MockItem> = {}): MockItem => ({
    kind,
    label,
    amount: money(amount),
    lineId: null,
    name: "",
    units: null,
    tax: null,
    percent: null,
    reason: "",
    orderNumber: null,
    ...rest,
  });
  const items = ret.lines.map((line) =>
    item("GOODS", "Returned items, at the price paid", Number(line.amount.amount), {
      lineId: line.id,
      name: line.orderLine.productName,
      units: line.quantityReceived ?? line.quantity,
    }),
  );
  for (const cut of options.deductions ?? []) {
    items.push(
      item("DEDUCTION", "Deduction for lost value", -Number(cut.amount), {
        lineId: cut.lineId,
        reason: cut.reason,
      }),
    );
  }
  if (options.goodwillShipping) {
    items.push(item("SHIPPING", "Outbound shipping", Number(ret.order.shippingPrice.amount)));
  }
  if (options.importCharges) {
    const { amount, note } = options.importCharges;
    items.push(item("IMPORT_CHARGES", "Duties and charges on import", Number(amount), { reason: note }));
  }
  const left = settlementsIn(world).available.get(ret.id) ?? Number(ret.order.total.amount);
  const due = items.reduce((total, one) => total + Number(one.amount.amount), 0);
  if (due > left) {
    items.push(item("NOT_AVAILABLE", "Not covered by what the order still holds", left - due));
  }
  return { money, items, total: money(Math.min(due, left)), left: money(left) };
}

function preview(world: World, ret: MockReturn, options: Options) {
  const { money, items, total, left } = sum(world, ret, options);
  const manual = options.route === "MANUAL";
  const held = settlementsIn(world);
  const exchangeCanceled = held.notSent.has(ret.id);
  const orderNumber = held.paidWith.get(ret.id) ?? null;
  const asCredit = options.instead === "STORE_CREDIT";
  return {
    items: items.map((one) =>
      one.kind === "GOODS" && orderNumber ? { ...one, kind: "EXCHANGED_GOODS", orderNumber } : one,
    ),
    total,
    refund: asCredit ? money(0) : total,
    giftCard: money(0),
    credit: asCredit ? total : money(0),
    bonus: money(0),
    exchange: money(0),
    difference: money(0),
    available: left,
    refunded: money(0),
    parts:
      Number(total.amount) > 0 && !asCredit
        ? [
            {
              method: manual ? "MANUAL" : "PAYMENT_APP",
              amount: total,
              means: manual ? "" : "Card",
              orderNumber,
            },
          ]
        : [],
    notices: items.some((one) => one.kind === "NOT_AVAILABLE")
      ? [{ code: "refunded_elsewhere", message: "Some of it was refunded in Saleor.", blocks: false }]
      : [],
    possible: !exchangeCanceled || Boolean(options.instead),
    crossesBorder: held.abroad.has(ret.id),
    exchangeCanceled,
    fingerprint: JSON.stringify([total, options.route ?? "ORIGINAL", options.instead ?? null]),
  };
}

/** What a return shows of its settlements. */
export const settlementFields = (world: World, ret: MockReturn) => ({
  settlements: () => settlementsIn(world).settlements.get(ret.id) ?? [],
  settlementPreview: ({ options }: { options?: Options }) => preview(world, ret, options ?? {}),
});

const refusal = (code: string, message: string) => ({
  return: null,
  settlement: null,
  storeCredit: null,
  code: null,
  errors: [{ code, message, field: null }],
});

/** What staff do about money. */
export function settlementMutations(world: World) {
  const held = settlementsIn(world);
  const all = () => [...held.settlements.values()].flat();
  return {
    returnSettle: ({ id, input }: { id: string; input: SettleInput }) => {
      const before = held.keys.get(input.idempotencyKey);
      const ret = world.returns.find((one) => one.id === id);
      if (before || !ret) {
        return { return: ret ?? null, settlement: before ?? null, errors: [] };
      }
      const shown = preview(world, ret, input.options ?? {});
      if (shown.fingerprint !== input.fingerprint) {
        return refusal("CONFLICT", "The amounts have changed; look at them again.");
      }
      const settlement: MockSettlement = {
        ...shown,
        id: world.id("Settlement"),
        state: "RUNNING",
        note: input.note || null,
        decidedBy: world.me.name,
        createdAt: world.ago(0),
        finishedAt: null,
        refunds: shown.parts.map((part) => ({
          id: world.id("Refund"),
          ...part,
          state: "AWAITING_PROVIDER",
          failure: null,
          steps: [],
        })),
        storeCredits: [],
        actions: [],
      };
      held.keys.set(input.idempotencyKey, settlement);
      held.settlements.set(id, [settlement, ...(held.settlements.get(id) ?? [])]);
      ret.state = "RESOLVED";
      ret.actions = [];
      return { return: ret, settlement, errors: [] };
    },
    settlementRetry: ({ id }: { id: string }) => {
      const settlement = all().find((one) => one.id === id);
      if (!settlement) {
        return refusal("NOT_FOUND", "There is no such settlement.");
      }
      settlement.state = "RUNNING";
      settlement.actions = [];
      return { settlement, errors: [] };
    },
    storeCreditReveal: () => ({ storeCredit: null, code: "ABCD2345EFGH6789", errors: [] }),
  };
}
