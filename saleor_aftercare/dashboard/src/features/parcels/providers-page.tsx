import { useQuery } from "@tanstack/react-query";
import { ErrorNotice, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { Block } from "@/components/settings";
import { LabelProvidersDocument } from "@/gql/parcels";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { DefaultsCard } from "./defaults-card";
import styles from "./parcels.module.css";
import { ProviderCard } from "./provider-card";

/** Where labels come from: the providers that the shop may use, and its credentials with them. */
export function ProvidersPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const { data, error, refetch } = useQuery({
    queryKey: keys.labelProviders,
    queryFn: async ({ signal }) => (await execute(LabelProvidersDocument, {}, signal)).labelProviders,
    // Never exchanged under somebody's hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Page title={t("providers.title")} back={{ href: "/settings", label: t("settings.title") }}>
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {data ? (
        <Block title={t("providers.title")} help={t("providers.help")} stacked bare>
          <div className={styles.providers}>
            <DefaultsCard mayChange={mayChange} />
            {data.map((provider) => (
              <ProviderCard key={provider.slug} provider={provider} mayChange={mayChange} />
            ))}
          </div>
        </Block>
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} height={64} />
      )}
    </Page>
  );
}
