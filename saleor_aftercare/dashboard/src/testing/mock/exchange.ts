import type { ExchangeOptionsQuery, ReplacementPartsFragment } from "@/gql/types";
import type { MockReturn } from "./types";
import type { World } from "./world";

type Option = ExchangeOptionsQuery["exchangeOptions"][number];

interface Held {
  replacements: Map<string, ReplacementPartsFragment[]>;
  options: Option[];
}

const HELD = new WeakMap<World, Held>();

/** What the mock shop sends in exchange, and what it has to offer. */
export function exchangesIn(world: World): Held {
  let held = HELD.get(world);
  if (!held) {
    held = { replacements: new Map(), options: [] };
    HELD.set(world, held);
  }
  return held;
}

export const exchangeFields = (world: World, ret: MockReturn) => ({
  replacements: () => exchangesIn(world).replacements.get(ret.id) ?? [],
});

export const exchangeQueries = (world: World) => ({
  exchangeOptions: ({ search }: { search?: string }) =>
    exchangesIn(world).options.filter((one) =>
      search ? one.name.toLowerCase().includes(search.toLowerCase()) : one.isSameProduct,
    ),
});

const byId = (world: World, id: string) =>
  [...exchangesIn(world).replacements.values()].flat().find((one) => one.id === id);

const done = (replacement: ReplacementPartsFragment | undefined) => ({
  replacement: replacement ?? null,
  errors: replacement ? [] : [{ field: "id", message: "There is no such replacement.", code: "NOT_FOUND" }],
});

export const exchangeMutations = (world: World) => ({
  returnExchangeReoffer: ({
    id,
    lines,
  }: {
    id: string;
    lines: { returnLineId: string; variantId: string }[];
  }) => {
    const held = byId(world, id);
    const wanted = exchangesIn(world).options.find((one) => one.variantId === lines[0]?.variantId);
    if (held && wanted && !wanted.inStock) {
      return {
        replacement: null,
        errors: [{ field: "lines", message: "This is sold out too.", code: "REFUSED" }],
      };
    }
    if (held && wanted) {
      Object.assign(held, {
        state: "PLANNED",
        actions: ["cancel", "reoffer"],
        lines: held.lines.map((line) => ({ ...line, variantId: wanted.variantId, name: wanted.name })),
      });
    }
    return done(held);
  },
  replacementRetry: ({ id }: { id: string }) => {
    const held = byId(world, id);
    Object.assign(held ?? {}, { state: "PENDING", failure: null, actions: [] });
    return done(held);
  },
  replacementCancel: ({ id }: { id: string }) => {
    const held = byId(world, id);
    Object.assign(held ?? {}, { state: "CANCELED", actions: [] });
    return done(held);
  },
  replacementCharge: ({ id }: { id: string }) => done(byId(world, id)),
});
