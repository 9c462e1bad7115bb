import { useQuery } from "@tanstack/react-query";
import { InboxTeamsDocument } from "@/gql/views";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

/** The shop's teams by name, and those with which this person may share a view: their own, or for administrators all. */
export function useTeams(enabled: boolean) {
  const { data } = useQuery({
    queryKey: keys.inboxTeams,
    enabled,
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => execute(InboxTeamsDocument, {}, signal),
  });
  const teams = data?.teams ?? [];
  const shareable = teams.filter(
    ({ members }) => data?.myAccess.isAdministrator || members.some(({ isMe }) => isMe),
  );
  return { teams, shareable };
}
