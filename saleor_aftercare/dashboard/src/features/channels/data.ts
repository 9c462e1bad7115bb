import { useQuery } from "@tanstack/react-query";
import {
  ChannelAccountDocument,
  ChannelAccountsDocument,
  ChannelAdaptersDocument,
  ChannelTeamsDocument,
} from "@/gql/channels";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

/** Every account of the shop, as the list shows them. */
export const useAccounts = () =>
  useQuery({
    queryKey: keys.channelAccounts,
    queryFn: async ({ signal }) => (await execute(ChannelAccountsDocument, {}, signal)).channelAccounts,
    refetchInterval: 30_000,
  });

/** One account, never exchanged under somebody's hands; while it is being connected it is looked at again and again. */
export const useAccount = (id: string | undefined, connecting: boolean) =>
  useQuery({
    queryKey: keys.channelAccount(id ?? ""),
    queryFn: async ({ signal }) =>
      (await execute(ChannelAccountDocument, { id: id ?? "" }, signal)).channelAccount,
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchInterval: connecting ? 3_000 : false,
  });

/** Whose queues new conversations may go to. */
export const useTeams = () =>
  useQuery({
    queryKey: keys.channelTeams,
    queryFn: async ({ signal }) => (await execute(ChannelTeamsDocument, {}, signal)).teams,
  });

/** What hears and sends for a kind of channel; does not change while the service runs. */
export const useAdapters = (kind: string) =>
  useQuery({
    queryKey: keys.channelAdapters(kind),
    queryFn: async ({ signal }) => (await execute(ChannelAdaptersDocument, { kind }, signal)).channelAdapters,
    staleTime: Number.POSITIVE_INFINITY,
  });
