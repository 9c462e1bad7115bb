import type { MockTicket } from "./types";
import type { World } from "./world";

interface Tag {
  id: string;
  name: string;
  color: string;
  archived: boolean;
}

interface Merge {
  id: string;
  at: string;
  isSplit: boolean;
  kept: MockTicket;
  other: MockTicket;
  moved: readonly string[];
}

interface Marks {
  priority: string;
  tags: Tag[];
  cause: string | null;
  wakeAt: string | null;
  mergedInto: MockTicket | null;
}

type Id = { id: string };
type Show = (ticket: MockTicket) => object;
export interface MarkInput {
  priority?: string;
  language?: string;
  addTags?: string[];
  removeTags?: string[];
  fields?: { key: string; value?: string | null }[];
}

const marks = new WeakMap<MockTicket, Marks>();
const merges = new WeakMap<World, Merge[]>();
const notes = new WeakMap<World, Map<string, { isVip: boolean; note: string; name: string }>>();

const marksOf = (ticket: MockTicket): Marks => {
  const known = marks.get(ticket);
  if (known) {
    return known;
  }
  const fresh: Marks = { priority: "NORMAL", tags: [], cause: null, wakeAt: null, mergedInto: null };
  marks.set(ticket, fresh);
  return fresh;
};

const mergesOf = (world: World): Merge[] => {
  const known = merges.get(world) ?? [];
  merges.set(world, known);
  return known;
};

const described = (world: World, email: string) => {
  const all = notes.get(world) ?? new Map();
  notes.set(world, all);
  const known = all.get(email) ?? { isVip: false, note: "", name: "" };
  all.set(email, known);
  return known as { isVip: boolean; note: string; name: string };
};

const CAUSE = {
  id: "VGlja2V0RmllbGREZWZpbml0aW9uOjE=",
  key: "cause",
  kind: "CHOICE",
  label: "Cause",
  options: [
    { value: "transport", label: "Transport" },
    { value: "use", label: "Use" },
  ],
  requiredToSolve: false,
};

/** What shops can edit about tags and fields. */
interface Settings {
  tags: Tag[];
  fields: Record<string, unknown>[];
}
const settings = new WeakMap<World, Settings>();
const settingsOf = (world: World): Settings => {
  const known = settings.get(world) ?? {
    tags: [{ id: "VGFnOjE=", name: "Fragile", color: "warning", archived: false }],
    fields: [
      {
        ...CAUSE,
        labels: [{ language: "en", text: "Cause" }],
        optionLabels: CAUSE.options.map(({ value, label }) => ({
          value,
          labels: [{ language: "en", text: label }],
        })),
        archived: false,
      },
    ],
  };
  settings.set(world, known);
  return known;
};

const refused = (code: string, message: string, field: string | null = null) => ({
  errors: [{ code, message, field }],
});

/** How a ticket is marked, and who writes in it. */
export function markFields(world: World, ticket: MockTicket, show: Show) {
  const own = marksOf(ticket);
  return {
    ...own,
    mergedInto: () => own.mergedInto && show(own.mergedInto),
    fields: [{ definition: CAUSE, value: own.cause }],
    follows: null,
    followedBy: [],
    merges: () =>
      mergesOf(world)
        .filter((one) => one.kept === ticket || one.other === ticket)
        .map((one) => ({ ...one, kept: show(one.kept), other: show(one.other) })),
    person: () => personOf(world, ticket, show),
  };
}

function personOf(world: World, ticket: MockTicket, show: Show) {
  const { name, email, language, userId } = ticket.person;
  const tickets = world.tickets.filter((one) => one.person.email === email);
  const orders = world.orders.filter((one) => one.customerEmail === email);
  const own = described(world, email);
  return {
    id: btoa(`Person:${email.length}${email.charCodeAt(0)}`),
    language,
    ...own,
    name: own.name || name,
    identities: [
      { id: "1", kind: "EMAIL", value: email, verifiedAt: world.ago(0), spamSince: null },
      ...(userId ? [{ id: "2", kind: "SALEOR", value: userId, verifiedAt: null, spamSince: null }] : []),
    ],
    orderCount: orders.length,
    ordersValue: orders.slice(0, 1).map((one) => one.total),
    returnCount: 0,
    storeCredit: [],
    ticketCount: tickets.length,
    tickets: () => tickets.map(show),
    orders,
    lookAlikes: [],
    lastMerge: null,
  };
}

export const markQueries = (world: World) => ({
  snoozePresets: () => [
    { preset: "TOMORROW", at: world.ago(-20 * 3_600_000) },
    { preset: "NEXT_WEEK", at: world.ago(-7 * 86_400_000) },
  ],
  tags: () => settingsOf(world).tags.filter((one) => !one.archived),
  tagUses: () => settingsOf(world).tags.map((tag) => ({ tag, ticketCount: 3 })),
  ticketFieldDefinitions: () => settingsOf(world).fields,
  people: () => [],
});

/** Writes the marks of `ticketUpdate`. */
export function mark(ticket: MockTicket, input: MarkInput): void {
  const own = marksOf(ticket);
  own.priority = input.priority ?? own.priority;
  ticket.language = input.language ?? ticket.language;
  own.tags = own.tags.filter((one) => !input.removeTags?.includes(one.id));
  for (const name of input.addTags ?? []) {
    own.tags.push({ id: btoa(`Tag:${name.length}${name.charCodeAt(0)}`), name, color: "", archived: false });
  }
  for (const { value } of input.fields ?? []) {
    own.cause = value ?? null;
  }
}

export function markMutations(world: World, show: Show) {
  const find = (id: string) => world.tickets.find((one) => one.id === id);
  return {
    ticketSnooze: ({ id, until }: Id & { until?: string }) => {
      const ticket = find(id);
      if (!ticket) {
        return refused("NOT_FOUND", "There is no such ticket");
      }
      ticket.state = "ON_HOLD";
      marksOf(ticket).wakeAt = until ?? world.ago(-20 * 3_600_000);
      world.touch(ticket);
      return { ticket: show(ticket), errors: [] };
    },
    ticketOrderLink: ({ id, orderId }: Id & { orderId: string | null }) => {
      const ticket = find(id);
      if (!ticket) {
        return refused("NOT_FOUND", "There is no such ticket");
      }
      ticket.order = world.orders.find((one) => one.id === orderId) ?? null;
      world.touch(ticket);
      return { ticket: show(ticket), errors: [] };
    },
    ticketsMerge: ({
      id,
      otherIds,
      acrossCustomers,
    }: Id & { otherIds: string[]; acrossCustomers?: boolean }) => {
      const kept = find(id);
      const others = otherIds.map(find).filter((one) => one !== undefined);
      if (!kept || others.length === 0) {
        return refused("NOT_FOUND", "There is no such ticket");
      }
      if (!acrossCustomers && others.some((one) => one.person.email !== kept.person.email)) {
        return refused("REFUSED", "These are conversations with different customers", "id");
      }
      for (const other of others) {
        mergesOf(world).unshift({
          id: world.id("TicketMerge"),
          at: world.ago(0),
          isSplit: false,
          kept,
          other,
          moved: other.thread.map((one) => one.id),
        });
        kept.thread.push(...other.thread.splice(0));
        other.state = "MERGED";
        marksOf(other).mergedInto = kept;
        world.touch(other);
      }
      world.touch(kept);
      return { ticket: show(kept), errors: [] };
    },
    ticketMergeUndo: ({ id }: Id) => {
      const all = mergesOf(world);
      const merge = all.find((one) => one.id === id);
      if (!merge) {
        return refused("NOT_FOUND", "There is no such merge");
      }
      all.splice(all.indexOf(merge), 1);
      const back = merge.kept.thread.filter((one) => merge.moved.includes(one.id));
      merge.kept.thread = merge.kept.thread.filter((one) => !merge.moved.includes(one.id));
      merge.other.thread.push(...back);
      merge.other.state = "OPEN";
      marksOf(merge.other).mergedInto = null;
      world.touch(merge.kept);
      return { ticket: show(merge.kept), other: show(merge.other), errors: [] };
    },
    ticketSplit: ({ id, messageIds, subject }: Id & { messageIds: string[]; subject: string }) => {
      const kept = find(id);
      if (!kept) {
        return refused("NOT_FOUND", "There is no such ticket");
      }
      const thread = kept.thread.filter((one) => messageIds.includes(one.id));
      kept.thread = kept.thread.filter((one) => !messageIds.includes(one.id));
      const other: MockTicket = {
        ...kept,
        id: world.id("Ticket"),
        number: Math.max(...world.tickets.map((one) => one.number)) + 1,
        subject,
        thread,
      };
      world.tickets.unshift(other);
      world.touch(kept);
      return { ticket: show(kept), other: show(other), errors: [] };
    },
    tagSave: ({ id, ...changes }: Partial<Tag>) => {
      const { tags } = settingsOf(world);
      const tag = tags.find((one) => one.id === id) ?? {
        id: world.id("Tag"),
        name: "",
        color: "",
        archived: false,
      };
      if (!tags.includes(tag)) {
        tags.push(tag);
      }
      Object.assign(tag, changes);
      return { tag, errors: [] };
    },
    tagsMerge: ({ id, otherId }: Id & { otherId: string }) => {
      const own = settingsOf(world);
      own.tags = own.tags.filter((one) => one.id !== otherId);
      return { tag: own.tags.find((one) => one.id === id), errors: [] };
    },
    ticketFieldSave: ({ id, input }: { id?: string; input: Record<string, unknown> }) => {
      const { fields } = settingsOf(world);
      if (input.key === "") {
        return refused("INVALID", "Lower-case letters, beginning with a letter.", "key");
      }
      const known = fields.find((one) => one.id === id);
      const [first] = input.labels as { text: string }[];
      const field = { ...input, label: first?.text ?? "", optionLabels: input.options, archived: false };
      if (known) {
        Object.assign(known, field, { id });
      } else {
        fields.push({ ...field, id: world.id("TicketFieldDefinition") });
      }
      return { field: known ?? fields.at(-1), errors: [] };
    },
    ticketFieldArchive: ({ id, archived }: Id & { archived: boolean }) => {
      const field = settingsOf(world).fields.find((one) => one.id === id);
      Object.assign(field ?? {}, { archived });
      return { field, errors: [] };
    },
    ticketFieldsOrder: ({ ids }: { ids: string[] }) => {
      const own = settingsOf(world);
      own.fields.sort((one, other) => ids.indexOf(String(one.id)) - ids.indexOf(String(other.id)));
      return { fields: own.fields, errors: [] };
    },
    personUpdate: ({ id, input }: Id & { input: { isVip?: boolean; note?: string; name?: string } }) => {
      for (const ticket of world.tickets) {
        const person = personOf(world, ticket, show);
        if (person.id === id) {
          const own = described(world, ticket.person.email);
          own.isVip = input.isVip ?? own.isVip;
          own.note = input.note ?? own.note;
          own.name = input.name ?? own.name;
          return { person: personOf(world, ticket, show), errors: [] };
        }
      }
      return refused("NOT_FOUND", "There is no such person");
    },
  };
}
