import { useQuery } from "@tanstack/react-query";
import { PackagePlus } from "lucide-react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { ReturnParcelAddDocument, ReturnParcelsDocument } from "@/gql/parcels";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useStep } from "@/lib/step";
import { ParcelCard } from "./parcel-card";
import styles from "./parcels.module.css";

const EXPECTED = ["APPROVED", "IN_TRANSIT"];
/** While something of ours is under way with a provider, the answer is a moment away. */
const SOON_MS = 3_000;

/** The parcels of a return: their labels, what they cost, and where they are. */
export function ParcelSection({ returnId }: { returnId: string }) {
  const t = useT();
  const explain = useExplain();
  const { data, error, refetch } = useQuery({
    queryKey: keys.parcels(returnId),
    queryFn: async ({ signal }) => execute(ReturnParcelsDocument, { id: returnId }, signal),
    refetchInterval: ({ state }) =>
      state.data?.return?.parcels.some((parcel) => parcel.state === "WANTED" || parcel.voiding)
        ? SOON_MS
        : false,
  });
  const add = useStep(async () =>
    accepted((await execute(ReturnParcelAddDocument, { id: returnId })).returnParcelAdd),
  );
  if (error) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  if (!data?.return) {
    return <Skeleton rows={2} height={40} />;
  }
  const { parcels, state } = data.return;
  const providers = data.labelProviders.filter((one) => one.installed && one.ready);
  return (
    <div className={styles.parcels}>
      {parcels.length === 0 && (
        <Muted>
          {t(state === "REQUESTED" || state === "MORE_INFO" ? "parcel.none.undecided" : "parcel.none")}
        </Muted>
      )}
      {parcels.map((parcel) => (
        <ParcelCard key={parcel.id} parcel={parcel} providers={providers} />
      ))}
      {EXPECTED.includes(state) && (
        <Actions>
          <Button
            icon={<PackagePlus size={14} aria-hidden />}
            busy={add.isPending}
            onClick={() => add.mutate(undefined)}
          >
            {t(parcels.length === 0 ? "parcel.add.first" : "parcel.add")}
          </Button>
        </Actions>
      )}
      {add.error && <Problem>{explain(add.error)}</Problem>}
    </div>
  );
}
