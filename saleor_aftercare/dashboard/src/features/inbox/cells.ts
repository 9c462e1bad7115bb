import { type InfiniteData, keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { InboxCellsQuery, TicketCellsFragment } from "@/gql/types";
import { InboxCellsDocument } from "@/gql/views";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";
import { variablesOf } from "./data";
import { type ListPlace, listKey } from "./place";

type Pages = InfiniteData<InboxCellsQuery["tickets"], string | null>;

/**
 * What the columns of a view show beside what every row has, by the ids of the tickets; asked for beside
 * the list, so that lists without such columns cost nothing. It lies in the cache in the shape of a list:
 * what patches tickets there, or has them read again, does so here as well.
 */
export function useCells(
  place: ListPlace,
  pages: readonly (string | null)[],
  enabled: boolean,
): ReadonlyMap<string, TicketCellsFragment> {
  const { data } = useQuery({
    queryKey: keys.cells(...listKey(place), pages.length),
    enabled: enabled && pages.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Pages> => {
      const variables = variablesOf(place);
      const asked = pages.map((after) => execute(InboxCellsDocument, { ...variables, after }, signal));
      const answers = await Promise.all(asked);
      return { pages: answers.map(({ tickets }) => tickets), pageParams: [...pages] };
    },
  });
  return useMemo(
    () => new Map(data?.pages.flatMap((page) => page.edges.map(({ node }) => [node.id, node]))),
    [data],
  );
}
