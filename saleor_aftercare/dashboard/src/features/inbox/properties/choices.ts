import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { InboxTagsDocument, SnoozePresetsDocument } from "@/gql/choices";
import { execute } from "@/lib/graphql";

// Apart from what one conversation needs: actions on many are offered with the list itself.

export function useSnoozePresets() {
  return useQuery({
    queryKey: ["snooze-presets"],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await execute(SnoozePresetsDocument, {}, signal)).snoozePresets,
  });
}

export function useTagSuggestions(search: string, enabled: boolean) {
  return (
    useQuery({
      queryKey: ["tags", search],
      enabled,
      staleTime: 30_000,
      placeholderData: keepPreviousData,
      queryFn: async ({ signal }) => (await execute(InboxTagsDocument, { search }, signal)).tags,
    }).data ?? []
  );
}
