import { useQuery } from "@tanstack/react-query";
import { ChannelPortalDocument } from "@/gql/portal";
import { execute } from "@/lib/graphql";

/** Where the shop's portal begins; does not change while the service runs. */
export const usePortal = () =>
  useQuery({
    queryKey: ["portal-url"],
    queryFn: async ({ signal }) => (await execute(ChannelPortalDocument, {}, signal)).shop.portalUrl,
    staleTime: Number.POSITIVE_INFINITY,
  });
