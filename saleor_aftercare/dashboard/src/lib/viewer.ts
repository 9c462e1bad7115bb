import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ViewerPartsFragment } from "@/gql/types";
import { KeyboardUpdateDocument, ViewerDocument } from "@/gql/viewer";
import { notify } from "./bridge";
import { execute } from "./graphql";
import { useT } from "./intl";
import { accepted } from "./mutation";
import { useExplain } from "./problem";
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

/** Whether single keys do something for this person, and the switch for it, which the service keeps. */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const { data: on = true } = useQuery({
    queryKey: keys.viewer,
    enabled: false,
    queryFn: async ({ signal }) => (await execute(ViewerDocument, {}, signal)).viewer,
    select: (viewer) => viewer.singleKeys,
  });
  const show = (singleKeys: boolean) =>
    client.setQueryData<ViewerPartsFragment>(keys.viewer, (viewer) => viewer && { ...viewer, singleKeys });
  const { mutate } = useMutation({
    mutationFn: async (singleKeys: boolean) =>
      accepted((await execute(KeyboardUpdateDocument, { singleKeys })).keyboardUpdate),
    onMutate: show,
    onError: (error, singleKeys) => {
      show(!singleKeys);
      notify("error", t("keys.enabled.failed"), explain(error));
    },
  });
  return [on, mutate];
}
