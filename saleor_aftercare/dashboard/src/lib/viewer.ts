import { useQuery } from "@tanstack/react-query";
import type { ViewerPartsFragment } from "@/gql/types";
import { ViewerDocument } from "@/gql/viewer";
import { execute } from "./graphql";
import { keys } from "./query-keys";

/** Who is asking, and what they may do; undefined until known. */
export function useViewer(enabled = true): ViewerPartsFragment | undefined {
  return useQuery({
    queryKey: keys.viewer,
    enabled,
    queryFn: async ({ signal }) => (await execute(ViewerDocument, {}, signal)).viewer,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}

export function useMay(...anyOf: string[]): boolean {
  const viewer = useViewer();
  return anyOf.some((permission) => viewer?.permissions.includes(permission));
}
