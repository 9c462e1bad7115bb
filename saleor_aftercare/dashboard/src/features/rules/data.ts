import { useQuery } from "@tanstack/react-query";
import { RulesDocument } from "@/gql/rules";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

/** The rules, and the names of what they speak about. */
export function useRuleBook() {
  return useQuery({
    queryKey: keys.rules,
    queryFn: async ({ signal }) => {
      const { rules, teams, staffMembers } = await execute(RulesDocument, {}, signal);
      return { rules, names: { teams, members: staffMembers } };
    },
  });
}
