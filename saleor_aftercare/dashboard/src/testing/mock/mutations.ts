import { findingMutations } from "./finding";
import { type MarkInput, mark, markMutations } from "./marks";
import { shown, shownRequest, shownReturn } from "./root";
import { settlementMutations } from "./settlements";
import type { MockPart, MockRepair, MockReturn, MockTicket } from "./types";
import type { World } from "./world";

type Code = "INVALID" | "NOT_FOUND" | "REFUSED" | "CONFLICT" | "STALE_THREAD";
type Id = { id: string };

const problem = (code: Code, message: string, field: string | null = null) => ({
  errors: [{ code, message, field }],
});

const STATE_AFTER: Record<string, MockTicket["state"]> = {
  solve: "SOLVED",
  reopen: "OPEN",
  close: "CLOSED",
  wait: "PENDING",
  wait_for_others: "WAITING",
  wake: "OPEN",
  spam: "SPAM",
  not_spam: "OPEN",
};

export function mutationsOf(world: World) {
  const note = (ret: MockReturn, event: string, text: string) => {
    ret.timeline.push({ at: world.ago(0), event, text, actor: world.me.name });
    if (ret.ticket) {
      ret.ticket.thread.push(world.message("SYSTEM", world.me, 0, `${ret.number}: ${text}`, { event }));
      world.touch(ret.ticket);
    }
  };
  const onReturn = (from: MockReturn["state"][], act: (ret: MockReturn) => void) => (id: string) => {
    const ret = world.returns.find((one) => one.id === id);
    if (!ret) {
      return problem("NOT_FOUND", "There is no such return");
    }
    if (!from.includes(ret.state)) {
      return problem("CONFLICT", "Somebody changed this meanwhile; reload and try again");
    }
    act(ret);
    return { return: shownReturn(world, ret), errors: [] };
  };
  const onTicket = (id: string, act: (ticket: MockTicket) => ReturnType<typeof problem> | undefined) => {
    const ticket = world.tickets.find((one) => one.id === id);
    if (!ticket) {
      return problem("NOT_FOUND", "There is no such ticket");
    }
    const refused = act(ticket);
    world.touch(ticket);
    return refused ?? { ticket: shown(world, ticket), errors: [] };
  };
  const decide = (all: (MockRepair | MockPart)[], id: string, reason: string | null) => {
    const request = all.find((one) => one.id === id);
    if (request) {
      request.state = reason === null ? "ACCEPTED" : "DECLINED";
      request.declineReason = reason;
      request.actions = [];
    }
    const answer = request ? shownRequest(world, request) : null;
    return { repairRequest: answer, sparePartRequest: answer, errors: [] };
  };

  return {
    returnApprove: ({ id }: Id) =>
      onReturn(["REQUESTED"], (ret) => {
        ret.state = "APPROVED";
        ret.actions = ["receive", "cancel"];
        ret.label = world.label(ret.number);
        note(ret, "return.approved", "Approved");
      })(id),
    returnDecline: ({ id, reason }: Id & { reason: string }) =>
      onReturn(["REQUESTED"], (ret) => {
        ret.state = "DECLINED";
        ret.declineReason = reason;
        ret.actions = [];
        note(ret, "return.declined", "Declined");
      })(id),
    returnCancel: ({ id }: Id) =>
      onReturn(["REQUESTED", "APPROVED"], (ret) => {
        ret.state = "CANCELED";
        ret.actions = [];
        note(ret, "return.canceled", "Cancelled");
      })(id),
    returnReceive: ({ id, lines }: Id & { lines?: { id: string; received: number }[] }) =>
      onReturn(["APPROVED"], (ret) => {
        for (const line of ret.lines) {
          line.quantityReceived = lines?.find((one) => one.id === line.id)?.received ?? line.quantity;
        }
        ret.state = "RECEIVED";
        ret.actions = ["settle"];
        ret.recordedInSaleor = true;
        note(ret, "return.received", "Received");
      })(id),
    returnLabelCreate: ({ id }: Id) =>
      onReturn(["APPROVED"], (ret) => {
        ret.label ??= world.label(ret.number);
      })(id),
    ...findingMutations(world),
    ...settlementMutations(world),
    refundRetry: ({ id }: Id) => {
      const ret = world.returns.find((one) => one.refund?.id === id);
      if (ret?.refund) {
        ret.refund.state = "PROCESSING";
        ret.refund.failure = null;
        ret.refund.actions = [];
      }
      return { refund: ret?.refund ?? null, errors: [] };
    },
    returnRequestCreate: ({ input }: { input: RequestInput }) => {
      const order = world.orders.find((one) => one.id === input.orderId);
      const lines = input.lines.flatMap((wanted) => {
        const orderLine = order?.lines.find((one) => one.id === wanted.orderLineId);
        return orderLine ? [{ wanted, orderLine }] : [];
      });
      const first = lines[0];
      if (!order || !first) {
        return problem("INVALID", "Choose at least one unit", "lines");
      }
      const tooMany = lines.find(({ wanted, orderLine }) => wanted.quantity > orderLine.returnableQuantity);
      if (tooMany) {
        return problem("REFUSED", `Only ${tooMany.orderLine.returnableQuantity} can be returned`, "lines");
      }
      const ret = world.return(order, `R-${119 + world.returns.length}`, first.orderLine, {
        note: input.note ?? "",
        requestedAt: world.ago(0),
      });
      ret.lines = lines.map(({ wanted, orderLine }) => {
        orderLine.returnableQuantity -= wanted.quantity;
        return {
          id: world.id("ReturnLine"),
          orderLine,
          quantity: wanted.quantity,
          quantityReceived: null,
          reason: wanted.reason,
          note: wanted.note ?? "",
          photos: [],
          amount: orderLine.unitPrice,
        };
      });
      return { return: shownReturn(world, ret), errors: [] };
    },
    repairRequestAccept: ({ id }: Id) => decide(world.repairs, id, null),
    repairRequestDecline: ({ id, reason }: Id & { reason: string }) => decide(world.repairs, id, reason),
    sparePartRequestAccept: ({ id }: Id) => decide(world.parts, id, null),
    sparePartRequestDecline: ({ id, reason }: Id & { reason: string }) => decide(world.parts, id, reason),
    ticketAssign: ({ id, assigneeId, toMe }: Id & { assigneeId?: string | null; toMe?: boolean }) =>
      onTicket(id, (ticket) => {
        ticket.assignee = toMe ? world.me : (world.staff.find((one) => one.id === assigneeId) ?? null);
        return undefined;
      }),
    ...markMutations(world, (ticket) => shown(world, ticket)),
    ticketUpdate: ({ id, input }: Id & { input: MarkInput & { action?: string; subject?: string } }) =>
      onTicket(id, (ticket) => {
        mark(ticket, input);
        ticket.state = STATE_AFTER[input.action ?? ""] ?? ticket.state;
        ticket.subject = input.subject ?? ticket.subject;
        return undefined;
      }),
    ticketMarkRead: ({ id }: Id) =>
      onTicket(id, (ticket) => {
        ticket.unread = false;
        return undefined;
      }),
    deliveryConfirm: ({ fulfillmentId }: { fulfillmentId: string }) => {
      const order = world.orders.find((one) =>
        one.fulfillments.some((parcel) => parcel.id === fulfillmentId),
      );
      for (const parcel of order?.fulfillments ?? []) {
        if (parcel.id === fulfillmentId) {
          parcel.deliveredSource = "STAFF";
          parcel.deliveredAt = world.ago(0);
        }
      }
      return { order: order ?? null, errors: [] };
    },
    settingsUpdate: ({ input }: { input: { version: number } & Record<string, unknown> }) => {
      if (input.version !== world.settings.version) {
        return problem("CONFLICT", "Somebody saved the settings meanwhile");
      }
      Object.assign(world.settings, input, { version: input.version + 1 });
      return { settings: world.settings, errors: [] };
    },
    jobRetry: ({ id }: Id) => {
      world.failedJobs = world.failedJobs.filter((job) => job.id !== id);
      return { errors: [] };
    },
  };
}

interface RequestInput {
  orderId: string;
  note?: string;
  lines: { orderLineId: string; quantity: number; reason: string; note?: string }[];
}
