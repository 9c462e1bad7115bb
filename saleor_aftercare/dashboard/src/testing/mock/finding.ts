import type { MockTicket } from "./types";
import type { World } from "./world";

interface MockView {
  id: string;
  name: string;
  standard: string | null;
  query: string;
  order: string;
  isShared: boolean;
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
    isShared: true,
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

export const findingRoot = (world: World) => ({
  searchHelp,
  bulkAction: () => of(world).bulk,
});

interface Start {
  selection: { ids?: string[] };
  input: { kind: string };
}
interface Save {
  id?: string | null;
  input: { name: string; query: string; order?: string | null; isShared?: boolean };
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
      of(world).bulk = {
        id: "BulkAction:1",
        kind: input.kind,
        state: "DONE",
        total,
        done: total,
        changed: total,
        failed: 0,
        problems: [],
        mayStop: false,
        mayUndo: true,
      };
      return bulk({});
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
        isShared: input.isShared ?? false,
        teamName: null,
        isMineToChange: true,
        version: 1,
        count: 1,
      };
      of(world).views = [...views.filter((one) => one.id !== view.id), view];
      return { view, errors: [] };
    },
    inboxViewDelete: ({ id }: { id: string }) => {
      of(world).views = of(world).views.filter((one) => one.id !== id);
      return { errors: [] };
    },
  };
}
