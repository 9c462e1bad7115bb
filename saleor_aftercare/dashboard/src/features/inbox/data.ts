import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  InboxAssignDocument,
  InboxBootDocument,
  InboxMarkReadDocument,
  InboxStaffDocument,
  InboxTicketDocument,
  InboxTicketsDocument,
  InboxUpdateDocument,
} from "@/gql/inbox";
import type {
  StaffPartsFragment,
  TicketDetailFragment,
  TicketPageFragment,
  TicketRowFragment,
  ViewPartsFragment,
} from "@/gql/types";
import { InboxViewsDocument } from "@/gql/views";
import { notify } from "@/lib/bridge";
import { useCached } from "@/lib/cached";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { type ListPlace, listKey } from "./place";

type Pages = InfiniteData<TicketPageFragment, string | null>;

export const variablesOf = ({ view, saved, search, order, thorough }: ListPlace) => ({
  view,
  viewId: saved ?? null,
  search: search || null,
  order: order ?? null,
  thorough: thorough ?? false,
});

/** The first picture of the inbox in one request: its parts are put where their own queries look. */
export function useBoot(place: ListPlace) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.boot,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const boot = await execute(InboxBootDocument, variablesOf(place), signal);
      client.setQueryData(keys.viewer, boot.viewer);
      client.setQueryData(keys.views, boot.inboxViews);
      client.setQueryData(keys.bulk, boot.bulkAction);
      client.setQueryData(keys.staff, boot.staffMembers);
      client.setQueryData(keys.changes, boot.changesSince.cursor);
      client.setQueryData(keys.poll, boot.changesSince.cursor);
      client.setQueryData<Pages>(keys.tickets(...listKey(place)), {
        pages: [boot.tickets],
        pageParams: [null],
      });
      return true;
    },
  });
}

export function useTickets(place: ListPlace, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: keys.tickets(...listKey(place)),
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(InboxTicketsDocument, { ...variablesOf(place), after: pageParam }, signal)).tickets,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
}

/** All lists that may be chosen, each with its number. */
export function useViews(enabled: boolean): readonly ViewPartsFragment[] {
  return (
    useQuery({
      queryKey: keys.views,
      enabled,
      queryFn: async ({ signal }) => (await execute(InboxViewsDocument, {}, signal)).inboxViews,
    }).data ?? []
  );
}

/** Whether the first picture has come, which brings what other queries would ask for. */
export function useBooted(): boolean {
  return useCached<boolean>(keys.boot) === true;
}

export function useStaff(): readonly StaffPartsFragment[] {
  const booted = useBooted();
  return (
    useQuery({
      queryKey: keys.staff,
      enabled: booted,
      staleTime: 5 * 60_000,
      queryFn: async ({ signal }) => (await execute(InboxStaffDocument, {}, signal)).staffMembers,
    }).data ?? []
  );
}

const ticketQuery = (number: number) => ({
  queryKey: keys.ticket(number),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await execute(InboxTicketDocument, { number }, signal)).ticket,
});

export function useTicket(number: number, enabled = true) {
  return useQuery({ ...ticketQuery(number), enabled });
}

/** Reads a ticket before it is opened. */
export function prefetchTicket(client: QueryClient, number: number): void {
  void client.prefetchQuery({ ...ticketQuery(number), staleTime: 30_000 });
}

/** Changes a ticket wherever it is shown; returns how to undo that. */
export function patchTicket(
  client: QueryClient,
  number: number,
  patch: Partial<TicketRowFragment>,
): () => void {
  const lists = client.getQueriesData<Pages>({ queryKey: keys.allTickets });
  const detail = client.getQueryData<TicketDetailFragment | null>(keys.ticket(number));
  for (const [key, pages] of lists) {
    if (pages) {
      client.setQueryData<Pages>(key, {
        ...pages,
        pages: pages.pages.map((page) => ({
          ...page,
          edges: page.edges.map((edge) =>
            edge.node.number === number ? { ...edge, node: { ...edge.node, ...patch } } : edge,
          ),
        })),
      });
    }
  }
  if (detail) {
    client.setQueryData(keys.ticket(number), { ...detail, ...patch });
  }
  return () => {
    for (const [key, pages] of lists) {
      client.setQueryData(key, pages);
    }
    client.setQueryData(keys.ticket(number), detail);
  };
}

/** Puts the server's newest word about a ticket everywhere, and has the lists re-read. */
export function storeTicket(client: QueryClient, ticket: TicketDetailFragment): void {
  patchTicket(client, ticket.number, ticket);
  client.setQueryData(keys.ticket(ticket.number), ticket);
  void client.invalidateQueries({ queryKey: keys.allTickets });
  void client.invalidateQueries({ queryKey: keys.views });
}

/** What was done to conversations without a connection is done in the same order once there is one. */
const scope = { id: "ticket-changes" };

/** Assigns at once on the screen; goes back, with a notice, when the server refuses. */
export function useAssign() {
  const client = useQueryClient();
  const t = useT();
  const explain = useExplain();
  return useMutation({
    scope,
    mutationFn: async ({ ticket, to }: { ticket: TicketRowFragment; to: StaffPartsFragment | null }) =>
      accepted((await execute(InboxAssignDocument, assignVariables(ticket.id, to))).ticketAssign).ticket,
    onMutate: ({ ticket, to }) => patchTicket(client, ticket.number, { assignee: to }),
    onError: (error, _, rollback) => {
      rollback?.();
      notify("error", t("inbox.assign.failed"), explain(error));
    },
    onSuccess: (ticket) => ticket && storeTicket(client, ticket),
  });
}

const assignVariables = (id: string, to: StaffPartsFragment | null) =>
  to?.isMe ? { id, toMe: true } : { id, assigneeId: to?.id ?? null };

export type TicketAction =
  | "solve"
  | "reopen"
  | "close"
  | "wait"
  | "wait_for_others"
  | "wake"
  | "spam"
  | "not_spam";

/** Where each action leads; only for the picture shown until the server has answered. */
const LEADS_TO: Record<TicketAction, TicketRowFragment["state"]> = {
  solve: "SOLVED",
  reopen: "OPEN",
  close: "CLOSED",
  wait: "PENDING",
  wait_for_others: "WAITING",
  wake: "OPEN",
  spam: "SPAM",
  not_spam: "OPEN",
};

export function useTicketAction() {
  const client = useQueryClient();
  const t = useT();
  const explain = useExplain();
  return useMutation({
    scope,
    mutationFn: async ({ ticket, action }: { ticket: TicketRowFragment; action: TicketAction }) =>
      accepted((await execute(InboxUpdateDocument, { id: ticket.id, input: { action } })).ticketUpdate)
        .ticket,
    onMutate: ({ ticket, action }) => patchTicket(client, ticket.number, { state: LEADS_TO[action] }),
    onError: (error, _, rollback) => {
      rollback?.();
      notify("error", t("inbox.action.failed"), explain(error));
    },
    onSuccess: (ticket) => ticket && storeTicket(client, ticket),
  });
}

export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ticket: TicketRowFragment) =>
      accepted((await execute(InboxMarkReadDocument, { id: ticket.id })).ticketMarkRead).ticket,
    onMutate: (ticket) => patchTicket(client, ticket.number, { unread: false }),
    // Nobody waits for it.
    meta: { silent: true },
    // An unread mark that comes back by itself with the next poll needs no notice.
    onError: (_, __, rollback) => rollback?.(),
  });
}
