import { useMutation, useQueryClient } from "@tanstack/react-query";
import { announceChange } from "./news";
import { refreshCases } from "./query-keys";

/** One step of a case; whatever shows the case is read again afterwards. */
export function useStep<Variables, Result>(
  run: (variables: Variables) => Promise<Result>,
  onDone?: (result: Result) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (result) => {
      announceChange();
      onDone?.(result);
      return refreshCases(client);
    },
    onError: () => refreshCases(client),
  });
}
