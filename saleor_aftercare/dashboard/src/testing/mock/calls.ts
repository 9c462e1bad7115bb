import type { CallPartsFragment } from "@/gql/types";
import type { World } from "./world";

const HELD = new WeakMap<World, CallPartsFragment[]>();

/** The telephone log of the mock shop. */
export function callsIn(world: World): CallPartsFragment[] {
  const held = HELD.get(world) ?? [];
  HELD.set(world, held);
  return held;
}

/** A call with the parts that a test does not name. */
export const call = (parts: Partial<CallPartsFragment>): CallPartsFragment => ({
  id: `call-${Math.random()}`,
  isInbound: true,
  number: "+81312345678",
  numberShown: "03-1234-5678",
  person: { id: "person-1", name: "山田 花子" },
  member: null,
  outcome: "ANSWERED",
  startedAt: "2026-11-20T01:00:00Z",
  answeredAt: null,
  durationSeconds: 240,
  callBackAt: null,
  calledBackAt: null,
  ticket: { id: "ticket-1", number: 1001, subject: "Telephone call" },
  ...parts,
});

const LISTS: Record<string, (one: CallPartsFragment) => boolean> = {
  ALL: () => true,
  MISSED: (one) => one.isInbound && one.outcome === "MISSED",
  CALL_BACK: (one) => one.callBackAt !== null && one.calledBackAt === null,
};

export const callsOf = (world: World) => ({
  calls: ({ which }: { which: string }) => ({
    edges: callsIn(world)
      .filter((one) => LISTS[which]?.(one))
      .map((node) => ({ node, cursor: node.id })),
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  }),
  ringingCalls: () => callsIn(world).filter((one) => one.outcome === null),
  caller: ({ number }: { number: string }) =>
    number === "03-1234-5678"
      ? {
          number: "+81312345678",
          numberShown: number,
          person: { id: "person-1", name: "山田 花子", orderCount: 2, orders: [] },
          calls: [],
        }
      : null,
  callLog: ({ input }: { input: { number?: string; callBackAt?: string } }) => {
    if (input.number === "x") {
      return {
        call: null,
        ticket: null,
        errors: [{ field: "number", message: "Not a telephone number.", code: "INVALID" }],
      };
    }
    const noted = call({ number: input.number ?? "", callBackAt: input.callBackAt ?? null });
    callsIn(world).unshift(noted);
    return { call: noted, ticket: null, errors: [] };
  },
  callBackDone: ({ id }: { id: string }) => {
    const found = callsIn(world).find((one) => one.id === id);
    if (found) {
      Object.assign(found, { calledBackAt: "2026-11-20T02:00:00Z" });
    }
    return { call: found ?? null, errors: [] };
  },
});
