import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  PeopleFoundDocument,
  PersonIdentityAddDocument,
  PersonIdentityRemoveDocument,
  PersonMergeUndoDocument,
  PersonsMergeDocument,
  PersonUpdateDocument,
  TicketByNumberDocument,
  TicketChangeDocument,
  TicketFollowUpDocument,
  TicketMergeUndoDocument,
  TicketOrderLinkDocument,
  TicketPropertiesDocument,
  TicketSnoozeDocument,
  TicketSplitDocument,
  TicketsMergeDocument,
} from "@/gql/properties";
import type {
  IdentityKind,
  PersonUpdateInput,
  SnoozePreset,
  TicketDetailFragment,
  TicketPropertiesFragment,
  TicketUpdateInput,
} from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { storeTicket } from "../data";

export type Changed = TicketDetailFragment & TicketPropertiesFragment;

// Below the ticket's own key: what makes the thread be read again makes this be read again, too.
const propertiesKey = (number: number) => [...keys.ticket(number), "properties"] as const;

export function useProperties(number: number) {
  return useQuery({
    queryKey: propertiesKey(number),
    queryFn: async ({ signal }) => (await execute(TicketPropertiesDocument, { number }, signal)).ticket,
  });
}

function store(client: QueryClient, ticket: Changed | null | undefined): void {
  if (ticket) {
    storeTicket(client, ticket);
    client.setQueryData(propertiesKey(ticket.number), ticket);
  }
}

/** A change of a ticket whose answer is the ticket; a refusal without a place of its own becomes a notice. */
function useTicketChange<Variables>(change: (variables: Variables) => Promise<Changed | null>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: (ticket) => store(client, ticket) });
}

function useNotice() {
  const t = useT();
  const explain = useExplain();
  return (error: unknown) => notify("error", t("inbox.action.failed"), explain(error));
}

/** Marks, fields, priority, subject, language: shown at once where the answer can be foreseen. */
export function useUpdate(number: number) {
  const client = useQueryClient();
  const onError = useNotice();
  return useMutation({
    mutationFn: async ({
      id,
      input,
    }: {
      id: string;
      input: TicketUpdateInput;
      foreseen?: Partial<Changed>;
    }) => accepted((await execute(TicketChangeDocument, { id, input })).ticketUpdate).ticket,
    onMutate: ({ foreseen }) => {
      const before = client.getQueryData<TicketPropertiesFragment>(propertiesKey(number));
      if (before && foreseen) {
        client.setQueryData(propertiesKey(number), { ...before, ...foreseen });
      }
      return before;
    },
    onError: (error, _, before) => {
      client.setQueryData(propertiesKey(number), before);
      onError(error);
    },
    onSuccess: (ticket) => store(client, ticket),
  });
}

export const useSnooze = () =>
  useTicketChange(async (variables: { id: string; until?: string; preset?: SnoozePreset }) => {
    const { ticketSnooze } = await execute(TicketSnoozeDocument, {
      id: variables.id,
      until: variables.until ?? null,
      preset: variables.preset ?? null,
    });
    return accepted(ticketSnooze).ticket;
  });

export const useLinkOrder = () =>
  useTicketChange(
    async (variables: { id: string; orderId: string | null; acrossCustomers: boolean }) =>
      accepted((await execute(TicketOrderLinkDocument, variables)).ticketOrderLink).ticket,
  );

export const useMerge = () =>
  useTicketChange(
    async (variables: { id: string; otherIds: string[]; acrossCustomers: boolean }) =>
      accepted((await execute(TicketsMergeDocument, variables)).ticketsMerge).ticket,
  );

export const useSplit = () =>
  useTicketChange(
    async (variables: { id: string; messageIds: string[]; subject: string }) =>
      accepted((await execute(TicketSplitDocument, variables)).ticketSplit).ticket,
  );

export function useFollowUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (variables: { id: string; subject: string }) =>
      accepted((await execute(TicketFollowUpDocument, variables)).ticketFollowUp).ticket,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.anyTicket });
      void client.invalidateQueries({ queryKey: keys.allTickets });
    },
  });
}

export function useUndoMerge() {
  const onError = useNotice();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(TicketMergeUndoDocument, { id })).ticketMergeUndo).ticket,
    onError,
    onSuccess: (ticket) => {
      store(client, ticket);
      // The other conversation is somewhere, too.
      void client.invalidateQueries({ queryKey: keys.anyTicket });
    },
  });
}

export async function ticketByNumber(number: number) {
  return (await execute(TicketByNumberDocument, { number })).ticket;
}

// -- persons ---------------------------------------------------------------------------------------------------

/** A change of a person: whatever shows them is read again. */
function usePersonChange<Variables>(change: (variables: Variables) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.anyTicket });
      await client.invalidateQueries({ queryKey: ["people"] });
    },
  });
}

export const usePersonUpdate = () =>
  usePersonChange(async (variables: { id: string; input: PersonUpdateInput }) =>
    accepted((await execute(PersonUpdateDocument, variables)).personUpdate),
  );

export const useAddIdentity = () =>
  usePersonChange(async (variables: { id: string; kind: IdentityKind; value: string }) =>
    accepted((await execute(PersonIdentityAddDocument, variables)).personIdentityAdd),
  );

export const useRemoveIdentity = () =>
  usePersonChange(async (id: string) =>
    accepted((await execute(PersonIdentityRemoveDocument, { id })).personIdentityRemove),
  );

export const useMergePersons = () =>
  usePersonChange(async (variables: { id: string; otherId: string }) =>
    accepted((await execute(PersonsMergeDocument, variables)).personsMerge),
  );

export const useUndoPersonMerge = () =>
  usePersonChange(async (id: string) =>
    accepted((await execute(PersonMergeUndoDocument, { id })).personMergeUndo),
  );

export function usePeople(search: string) {
  return useQuery({
    queryKey: ["people", search],
    enabled: search.length > 1,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await execute(PeopleFoundDocument, { search }, signal)).people,
  });
}
