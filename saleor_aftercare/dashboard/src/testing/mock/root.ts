import { GraphQLError } from "graphql";
import { callsOf } from "./calls";
import { channelsOf } from "./channels";
import { exchangeFields, exchangeMutations, exchangeQueries } from "./exchange";
import { findingRoot, viewsOf } from "./finding";
import { mailsOf } from "./mails";
import { markFields, markQueries } from "./marks";
import { mutationsOf } from "./mutations";
import { packingMutations, packingOf } from "./packing";
import { parcelMutations } from "./parcels";
import { policyRoot } from "./policies";
import { receivingOf } from "./receiving";
import { bulkUpdate, eligibilityOf, isInView, plainReturn, returnViewCounts } from "./returns";
import { levelsOf } from "./service-levels";
import { settlementFields } from "./settlements";
import { teamOf } from "./team";
import type { MockPart, MockRepair, MockReturn, MockTicket } from "./types";
import { withdrawalsOf } from "./withdrawals";
import { wordsOf } from "./words";
import type { World } from "./world";
import { writingFields, writingMutations, writingQueries } from "./writing";

interface Paging {
  first?: number;
  after?: string;
  last?: number;
  before?: string;
}

export function connection<Node extends { id: string }>(
  nodes: readonly Node[],
  { first, after, last, before }: Paging,
) {
  const from = after === undefined || after === null ? 0 : nodes.findIndex((node) => node.id === after) + 1;
  const to =
    before === undefined || before === null ? nodes.length : nodes.findIndex((node) => node.id === before);
  let page = nodes.slice(from, to);
  if (first !== undefined && first !== null) {
    page = page.slice(0, first);
  }
  if (last !== undefined && last !== null) {
    page = page.slice(-last);
  }
  const start = page[0] ? nodes.indexOf(page[0]) : 0;
  const end = start + page.length;
  return {
    edges: page.map((node) => ({ node, cursor: node.id })),
    pageInfo: {
      hasNextPage: end < nodes.length,
      hasPreviousPage: start > 0,
      startCursor: page[0]?.id ?? null,
      endCursor: page.at(-1)?.id ?? null,
    },
    totalCount: nodes.length,
  };
}

const OPEN = new Set(["NEW", "OPEN"]);
const IN_VIEW: Record<string, (ticket: MockTicket) => boolean> = {
  ASSIGNED_TO_ME: (ticket) => OPEN.has(ticket.state) && ticket.assignee?.isMe === true,
  UNASSIGNED: (ticket) => OPEN.has(ticket.state) && ticket.assignee === null,
  OPEN: (ticket) => OPEN.has(ticket.state),
  OVERDUE: (ticket) => OPEN.has(ticket.state) && isOverdue(ticket),
  RETURNS: (ticket) => OPEN.has(ticket.state) && ticket.returns.length > 0,
  REPAIRS: (ticket) => OPEN.has(ticket.state) && ticket.repairRequests.length > 0,
  PARTS: (ticket) => OPEN.has(ticket.state) && ticket.sparePartRequests.length > 0,
  PENDING: (ticket) => ticket.state === "PENDING",
  SOLVED: (ticket) => ticket.state === "SOLVED",
  SPAM: (ticket) => ticket.state === "SPAM",
  ALL: () => true,
};

const isOverdue = (ticket: MockTicket): boolean =>
  ticket.dueAt !== null && Date.parse(ticket.dueAt) < Date.now();

const ACTIONS: Record<MockTicket["state"], string[]> = {
  NEW: ["solve", "wait", "wait_for_others", "snooze", "spam"],
  OPEN: ["solve", "wait", "wait_for_others", "snooze", "spam"],
  PENDING: ["solve", "wait_for_others", "snooze", "reopen", "spam"],
  WAITING: ["solve", "snooze", "reopen", "spam"],
  ON_HOLD: ["wake", "snooze", "solve", "reopen", "spam"],
  SOLVED: ["reopen", "close"],
  CLOSED: [],
  SPAM: ["not_spam"],
  MERGED: [],
};

/** A ticket as the schema describes it. */
export function shown(world: World, ticket: MockTicket) {
  const newest = ticket.thread.at(-1);
  return {
    ...ticket,
    customerName: ticket.person.name,
    customerEmail: ticket.person.email,
    customer: () => customerOf(world, ticket.person.email),
    lastMessageAt: newest?.createdAt ?? ticket.createdAt,
    lastMessagePreview: newest?.body.slice(0, 120) ?? "",
    lastMessageKind: newest?.kind ?? "SYSTEM",
    lastMessageId: newest?.id ?? ticket.id,
    overdue: isOverdue(ticket),
    returns: ticket.returns.map((ret) => shownReturn(world, ret)),
    repairRequests: ticket.repairRequests.map((repair) => shownRequest(world, repair)),
    sparePartRequests: ticket.sparePartRequests.map((part) => shownRequest(world, part)),
    actions: ACTIONS[ticket.state],
    breachAt: ticket.dueAt,
    clocks: [],
    survey: null,
    ...markFields(world, ticket, (other): object => shown(world, other)),
    ...writingFields(world, ticket),
    messages: (paging: Paging) => connection(ticket.thread, paging),
  };
}

export function shownReturn(world: World, ret: MockReturn) {
  return {
    ...plainReturn(ret),
    ticket: () => ret.ticket && shown(world, ret.ticket),
    order: () => ret.order,
    ...settlementFields(world, ret),
    ...exchangeFields(world, ret),
  };
}

export const shownRequest = (world: World, request: MockRepair | MockPart) => {
  const ticket = world.tickets.find((one) =>
    [...one.repairRequests, ...one.sparePartRequests].some((other) => other.id === request.id),
  );
  return { ...request, ticket: () => ticket && shown(world, ticket) };
};

function customerOf(world: World, email: string) {
  const tickets = world.tickets.filter((ticket) => ticket.person.email === email);
  const known = tickets[0]?.person ?? world.orders.find((order) => order.customerEmail === email);
  if (!known) {
    return null;
  }
  const mine = (one: { customerEmail: string }) => one.customerEmail === email;
  return {
    email,
    name: "name" in known ? known.name : known.customerName,
    userId: "userId" in known ? known.userId : null,
    language: known.language,
    orders: () => world.orders.filter(mine),
    tickets: ({ first }: Paging) => tickets.slice(0, first).map((ticket) => shown(world, ticket)),
    returns: () => world.returns.filter((ret) => mine(ret.order)).map((ret) => shownReturn(world, ret)),
    repairRequests: () => world.repairs.filter(mine).map((one) => shownRequest(world, one)),
    sparePartRequests: () => world.parts.filter(mine).map((one) => shownRequest(world, one)),
  };
}

type Key = { id?: string; number?: string | number };
const find = <One extends { id: string; number: string | number }>(
  all: readonly One[],
  { id, number }: Key,
) => all.find((one) => one.id === id || one.number === number);

const viewerOf = (world: World) => ({
  kind: "STAFF",
  email: world.me.email,
  name: world.me.name,
  permissions: world.permissions,
  rooms: world.rooms,
  locale: "en",
  singleKeys: world.singleKeys,
});

export function rootOf(world: World) {
  return {
    viewer: () => viewerOf(world),
    keyboardUpdate: ({ singleKeys }: { singleKeys: boolean }) => {
      world.singleKeys = singleKeys;
      return { viewer: viewerOf(world), errors: [] };
    },
    ...policyRoot(world),
    ...markQueries(world),
    staffMembers: world.staff,
    inboxViews: () => {
      if (!world.rooms.includes("DESK")) {
        throw new GraphQLError("Your role does not allow this", {
          extensions: { code: "PERMISSION_DENIED" },
        });
      }
      return viewsOf(world, IN_VIEW);
    },
    ticketCounts: () =>
      Object.entries(IN_VIEW).map(([view, isIn]) => ({ view, count: world.tickets.filter(isIn).length })),
    ...findingRoot(world),
    settings: () => world.settings,
    connectionHealth: () => ({
      connectedSince: world.ago(40 * 86_400_000),
      saleorVersion: "3.23.28",
      missingPermissions: [],
      lastWebhookAt: world.ago(60_000),
      failedWebhooks: 0,
      failedJobs: world.failedJobs,
    }),
    tickets: ({ view, search, ...paging }: Paging & { view: string; search?: string }) => {
      const wanted = (search ?? "").toLowerCase();
      const found = world.tickets
        .filter((ticket) => IN_VIEW[view]?.(ticket))
        .filter((ticket) =>
          `${ticket.subject} ${ticket.person.name} ${ticket.number}`.toLowerCase().includes(wanted),
        );
      return connection(
        found.map((ticket) => shown(world, ticket)),
        paging,
      );
    },
    ticket: (key: Key) => {
      const ticket = find(world.tickets, key);
      return ticket ? shown(world, ticket) : null;
    },
    changesSince: ({ cursor }: { cursor?: string }) => {
      const since = cursor ? Number(cursor) : world.version;
      return {
        cursor: String(world.version),
        truncated: false,
        presence: world.presence,
        viewCounts: since < world.version ? viewsOf(world, IN_VIEW) : null,
        tickets: world.tickets
          .filter((ticket) => ticket.version > since)
          .map((ticket) => shown(world, ticket)),
      };
    },
    customer: ({ email, userId }: { email?: string; userId?: string }) =>
      customerOf(
        world,
        email ?? world.tickets.find((ticket) => ticket.person.userId === userId)?.person.email ?? "",
      ),
    order: ({ id }: { id: string }) => world.orders.find((order) => order.id === id),
    return: (key: Key) => {
      const ret = find(world.returns, key);
      return ret ? shownReturn(world, ret) : null;
    },
    returns: ({ filter, ...paging }: Paging & { filter?: { view?: string; search?: string } }) =>
      connection(
        world.returns
          .filter((ret) => isInView(ret, filter?.view ?? "ALL"))
          .filter((ret) =>
            `${ret.number} ${ret.order.number} ${ret.order.customerName}`.includes(filter?.search ?? ""),
          )
          .map((ret) => shownReturn(world, ret)),
        paging,
      ),
    repairRequest: (key: Key) => {
      const repair = find(world.repairs, key);
      return repair ? shownRequest(world, repair) : null;
    },
    repairRequests: ({ state, ...paging }: Paging & { state?: string[] }) =>
      connection(
        world.repairs
          .filter((one) => !state || state.includes(one.state))
          .map((one) => shownRequest(world, one)),
        paging,
      ),
    sparePartRequest: (key: Key) => {
      const part = find(world.parts, key);
      return part ? shownRequest(world, part) : null;
    },
    sparePartRequests: ({ state, ...paging }: Paging & { state?: string[] }) =>
      connection(
        world.parts
          .filter((one) => !state || state.includes(one.state))
          .map((one) => shownRequest(world, one)),
        paging,
      ),
    parcelDefaults: () => ({ ...world.parcelDefaults }),
    labelProviders: () => world.providers.map((one) => ({ ...one })),
    returnEligibility: ({ orderId }: { orderId: string }) => {
      const order = world.orders.find((one) => one.id === orderId);
      return order ? eligibilityOf(order) : null;
    },
    returnViewCounts: () => returnViewCounts(world),
    returnsBulkUpdate: (input: { ids: string[] }) => bulkUpdate(world, input),
    returnAsk: ({ id }: { id: string }) => {
      const ret = find(world.returns, { id });
      return { return: ret ? shownReturn(world, ret) : null, errors: [] };
    },
    ...packingOf(world),
    ...receivingOf(world),
    ...withdrawalsOf(world),
    ...packingMutations,
    ...callsOf(world),
    ...teamOf(world),
    ...wordsOf(world),
    ...levelsOf(world),
    ...exchangeQueries(world),
    ...exchangeMutations(world),
    ...mutationsOf(world),
    ...channelsOf(world),
    ...mailsOf(world),
    ...writingQueries(world),
    ...writingMutations(world),
    ...parcelMutations(world, (ret) => shownReturn(world, ret)),
  };
}
