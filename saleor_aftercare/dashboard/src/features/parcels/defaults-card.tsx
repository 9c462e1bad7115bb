import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Card, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { ParcelDefaultsDocument, ParcelDefaultsSaveDocument } from "@/gql/parcels";
import type { ParcelDefaultsPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./parcels.module.css";
import { SizeFields, sizeInput, typedSize } from "./size-fields";

/** What carriers are told of a parcel that nobody measured. */
export function DefaultsCard({ mayChange }: { mayChange: boolean }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.parcelDefaults,
    queryFn: async ({ signal }) => (await execute(ParcelDefaultsDocument, {}, signal)).parcelDefaults,
    // Never exchanged under somebody's hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Card title={t("providers.usual")} label={t("providers.usual")}>
      <Muted>{t("providers.usualHelp")}</Muted>
      {data ? (
        <Form usual={data} mayChange={mayChange} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={1} height={56} />
      )}
    </Card>
  );
}

function Form({ usual, mayChange }: { usual: ParcelDefaultsPartsFragment; mayChange: boolean }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [typed, setTyped] = useState(typedSize(usual));
  const save = useMutation({
    mutationFn: async () =>
      accepted((await execute(ParcelDefaultsSaveDocument, { input: sizeInput(typed) })).parcelDefaultsUpdate)
        .parcelDefaults,
    onSuccess: (now) => {
      if (now) {
        client.setQueryData(keys.parcelDefaults, now);
        setTyped(typedSize(now));
      }
      notify("success", t("settings.saved"));
    },
  });
  const named = save.error instanceof Refusal && save.error.problems.some((one) => one.field);
  const saved = typedSize(usual);
  const changed = (Object.keys(saved) as (keyof typeof saved)[]).some((name) => typed[name] !== saved[name]);
  return (
    <form
      noValidate
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset disabled={!mayChange} className={styles.fields}>
        <SizeFields value={typed} onChange={setTyped} error={save.error} usual={usual} />
      </fieldset>
      {mayChange && (
        <Actions>
          <Button type="submit" variant="primary" disabled={!changed} busy={save.isPending}>
            {t("settings.save")}
          </Button>
        </Actions>
      )}
      {save.error && !named && <Problem>{explain(save.error)}</Problem>}
    </form>
  );
}
