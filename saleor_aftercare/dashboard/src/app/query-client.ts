import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { SessionExpired } from "@/lib/auth-fetch";
import { hideBar, showBar } from "@/lib/bars";
import { ServiceUnavailable } from "@/lib/graphql";

function onError(error: unknown): void {
  if (error instanceof SessionExpired) {
    showBar("session");
  }
}

const onSuccess = (): void => hideBar("session");

/** Reads are tried again when the service was away, writes never by themselves. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError, onSuccess }),
    mutationCache: new MutationCache({ onError, onSuccess }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => error instanceof ServiceUnavailable && failures < 2,
        retryDelay: (attempt) => 500 * 3 ** attempt,
      },
      mutations: { retry: false },
    },
  });
}
