import { useQuery } from "@tanstack/react-query";
import { PackagePlus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { ReturnParcelsDocument } from "@/gql/parcels";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import { AddDialog } from "./dialogs";
import { ParcelCard } from "./parcel-card";
import styles from "./parcels.module.css";

const EXPECTED = ["APPROVED", "IN_TRANSIT", "LOST"];
/** While something of ours is under way with a provider, the answer is a moment away. */
const SOON_MS = 3_000;

/** The parcels of a return: their labels, what they cost, and where they are. */
export function ParcelSection({ returnId }: { returnId: string }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.parcels(returnId),
    queryFn: async ({ signal }) => execute(ReturnParcelsDocument, { id: returnId }, signal),
    refetchInterval: ({ state }) =>
      state.data?.return?.parcels.some((parcel) => parcel.state === "WANTED" || parcel.voiding)
        ? SOON_MS
        : false,
  });
  const [adding, setAdding] = useState(false);
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
        <ParcelCard key={parcel.id} parcel={parcel} providers={providers} usual={data.parcelDefaults} />
      ))}
      {EXPECTED.includes(state) && (
        <Actions>
          <Button icon={<PackagePlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {t(parcels.length === 0 ? "parcel.add.first" : "parcel.add")}
          </Button>
        </Actions>
      )}
      {adding && (
        <AddDialog
          returnId={returnId}
          providers={providers}
          usual={data.parcelDefaults}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}
