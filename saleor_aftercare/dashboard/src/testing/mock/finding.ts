import type { MockTicket } from "./types";
import type { World } from "./world";

interface MockView {
  id: string;
  name: string;
  standard: string | null;
  query: string;
  order: string;
  columns: string[];
  isShared: boolean;
  teamId: string | null;
  teamName: string | null;
  isMineToChange: boolean;
  version: number;
  count: number | null;
}

interface MockBulk {
  id: string;
  kind: string;
  state: string;
  total: number;
  done: number;
  changed: number;
  failed: number;
  problems: { number: number; message: string }[];
  mayStop: boolean;
  mayUndo: boolean;
  plan: MockPlan | null;
}

interface MockPlan {
  macroName: string;
  possible: number;
  refused: number;
  letters: number;
  movesMoney: boolean;
  totals: { amount: number; currency: string }[];
  undo: string;
  lines: object[];
}

/** What was saved and done in a world, beside its tickets. */
const held = new WeakMap<World, { views: MockView[]; bulk: MockBulk | null }>();

function of(world: World) {
  const known = held.get(world) ?? { views: [], bulk: null };
  held.set(world, known);
  return known;
}

export const viewsOf = (
  world: World,
  inView: Record<string, (ticket: MockTicket) => boolean>,
): MockView[] => [
  ...Object.entries(inView).map(([standard, isIn]) => ({
    id: `InboxView:${standard}`,
    name: standard,
    standard,
    query: "",
    order: "NEWEST",
    columns: [],
    isShared: true,
    teamId: null,
    teamName: null,
    isMineToChange: false,
    version: 0,
    count: Math.min(world.tickets.filter(isIn).length, 100),
  })),
  ...of(world).views,
];

/** Knows two operators, and what is wrong with one value. */
function searchHelp({ text, caret }: { text: string; caret?: number | null }) {
  const wrong = text.indexOf("is:lost");
  const offers = ["is", "assignee"]
    .filter((name) => caret != null && text !== "" && name.startsWith(text.slice(0, caret)))
    .map((name) => ({
      insert: `${name}:`,
      start: 0,
      end: caret ?? 0,
      operator: name,
      value: null,
      alias: null,
      hint: null,
    }));
  const problems = [
    {
      start: wrong + 3,
      end: wrong + 7,
      code: "UNKNOWN_VALUE",
      message: "This operator does not know that value.",
    },
  ];
  return { query: text, problems: wrong < 0 ? [] : problems, offers };
}

/** Polled once, a plan is ready. */
function bulkAction(world: World): MockBulk | null {
  const { bulk } = of(world);
  if (bulk?.state === "PLANNING") {
    of(world).bulk = { ...bulk, state: "PLANNED", done: bulk.total };
  }
  return bulk;
}

export const findingRoot = (world: World) => ({
  searchHelp,
  bulkAction: () => bulkAction(world),
  myAccess: { isAdministrator: true },
});

/** Gives 40 € for each of the chosen but the last, which is refused. */
function planFor(tickets: readonly MockTicket[]): MockPlan {
  const possible = tickets.length - 1;
  const euros = (amount: number) => ({ amount, currency: "EUR" });
  return {
    macroName: "Settle and thank",
    possible,
    refused: 1,
    letters: possible,
    movesMoney: true,
    totals: [euros(40 * possible)],
    undo: "NOTHING",
    lines: tickets.map(({ id, number, subject, person }, at) => ({
      ticketId: id,
      number,
      subject,
      customer: person.name,
      steps: ["Settle RMA-1", "Answer the customer"],
      amounts: [euros(40)],
      problem: at === possible ? "Settle the return: above your limit" : "",
    })),
  };
}

interface Start {
  selection: { ids?: string[] };
  input: { kind: string };
}
interface Save {
  id?: string | null;
  input: {
    name: string;
    query: string;
    order?: string | null;
    isShared?: boolean;
    teamId?: string | null;
    columns?: string[];
  };
}

export function findingMutations(world: World) {
  const bulk = (changes: Partial<MockBulk>) => {
    const known = of(world);
    known.bulk = known.bulk && { ...known.bulk, ...changes };
    return { bulkAction: known.bulk, errors: [] };
  };
  return {
    bulkActionStart: ({ selection, input }: Start) => {
      const total = selection.ids?.length ?? world.tickets.length;
      const isPlanned = input.kind === "MACRO";
      of(world).bulk = {
        id: "BulkAction:1",
        kind: input.kind,
        state: isPlanned ? "PLANNING" : "DONE",
        total,
        done: isPlanned ? 0 : total,
        changed: isPlanned ? 0 : total,
        failed: 0,
        problems: [],
        mayStop: isPlanned,
        mayUndo: !isPlanned,
        plan: isPlanned ? planFor(world.tickets.filter(({ id }) => selection.ids?.includes(id))) : null,
      };
      return bulk({});
    },
    bulkActionConfirm: () => {
      const { possible = 0, refused = 0 } = of(world).bulk?.plan ?? {};
      return bulk({ state: "DONE", changed: possible, failed: refused, mayStop: false });
    },
    bulkActionStop: () => bulk({ state: "STOPPED", mayStop: false }),
    bulkActionUndo: () => bulk({ state: "UNDONE", done: 0, mayUndo: false }),
    inboxViewSave: ({ id, input }: Save) => {
      const { views } = of(world);
      const view: MockView = {
        id: id ?? `SavedView:${views.length + 1}`,
        name: input.name,
        standard: null,
        query: input.query,
        order: input.order ?? "NEWEST",
        columns: input.columns ?? [],
        isShared: input.isShared ?? false,
        teamId: input.teamId ?? null,
        teamName: null,
        isMineToChange: true,
        version: 1,
        count: 1,
      };
      of(world).views = [...views.filter((one) => one.id !== view.id), view];
      return { view, errors: [] };
    },
    inboxViewsSort: ({ ids }: { ids: string[] }) => {
      const { views } = of(world);
      const rank = (view: MockView) => ids.indexOf(view.id);
      of(world).views = [...views].sort((one, other) => rank(one) - rank(other));
      return { views: of(world).views, errors: [] };
    },
    inboxViewDelete: ({ id }: { id: string }) => {
      of(world).views = of(world).views.filter((one) => one.id !== id);
      return { errors: [] };
    },
  };
}
