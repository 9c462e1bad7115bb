import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  MarkFieldArchiveDocument,
  MarkFieldSaveDocument,
  MarkFieldsOrderDocument,
  MarkSettingsDocument,
  MarkTagSaveDocument,
  MarkTagsMergeDocument,
} from "@/gql/marks";
import type { MarkTagSaveMutationVariables, TicketFieldInputDefinition } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

const KEY = ["mark-settings"] as const;

export function useMarkSettings() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => execute(MarkSettingsDocument, {}, signal),
  });
}

/** A change of tags or fields: this page and every open conversation are read again. */
function useChange<Variables>(change: (variables: Variables) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      await client.invalidateQueries({ queryKey: keys.anyTicket });
      await client.invalidateQueries({ queryKey: ["tags"] });
    },
  });
}

export const useSaveTag = () =>
  useChange(async (variables: MarkTagSaveMutationVariables) =>
    accepted((await execute(MarkTagSaveDocument, variables)).tagSave),
  );

export const useMergeTags = () =>
  useChange(async (variables: { id: string; otherId: string }) =>
    accepted((await execute(MarkTagsMergeDocument, variables)).tagsMerge),
  );

export const useSaveField = () =>
  useChange(async (variables: { id: string | null; input: TicketFieldInputDefinition }) =>
    accepted((await execute(MarkFieldSaveDocument, variables)).ticketFieldSave),
  );

export const useArchiveField = () =>
  useChange(async (variables: { id: string; archived: boolean }) =>
    accepted((await execute(MarkFieldArchiveDocument, variables)).ticketFieldArchive),
  );

export const useOrderFields = () =>
  useChange(async (ids: string[]) =>
    accepted((await execute(MarkFieldsOrderDocument, { ids })).ticketFieldsOrder),
  );
