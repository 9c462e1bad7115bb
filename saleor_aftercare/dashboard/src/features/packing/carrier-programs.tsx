import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Actions, Empty, Muted, Section } from "@/components/card";
import { Box } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import {
  CarrierListCreateDocument,
  CarrierListReadBackDocument,
  CarrierProgramsDocument,
  ParcelsToListDocument,
} from "@/gql/packing";
import type { CarrierListReadBackMutation, ParcelsToListQuery } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import styles from "./packing.module.css";

const LISTS = ["packing", "lists"] as const;

/** Shipping lists for programs of carriers, where the shop has set one up. */
export function CarrierPrograms() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: ["packing", "programs"],
    queryFn: async ({ signal }) =>
      (await execute(CarrierProgramsDocument, {}, signal)).labelProviders.filter(
        (one) => one.capabilities.exports && one.ready,
      ),
  });
  const [chosen, setChosen] = useState("");
  if (error) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  const provider = data?.find((one) => one.slug === chosen) ?? data?.[0];
  if (!data || !provider) {
    return null;
  }
  return (
    <Section title={t("packing.lists.title")}>
      <Box>
        <Muted>{t("packing.lists.about")}</Muted>
        {data.length > 1 && (
          <SelectField
            label={t("packing.lists.carrier")}
            value={provider.slug}
            onChange={(event) => setChosen(event.target.value)}
          >
            {data.map((one) => (
              <option key={one.slug} value={one.slug}>
                {one.name}
              </option>
            ))}
          </SelectField>
        )}
        <Program key={provider.slug} provider={provider.slug} />
      </Box>
    </Section>
  );
}

function Program({ provider }: { provider: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...LISTS, provider],
    queryFn: ({ signal }) => execute(ParcelsToListDocument, { provider }, signal),
  });
  if (!data) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton rows={3} height={32} />
    );
  }
  return (
    <>
      <Waiting provider={provider} parcels={data.parcelsToList} />
      <Lists lists={data.carrierLists} />
      <ReadBack provider={provider} />
    </>
  );
}

function Waiting({ provider, parcels }: { provider: string; parcels: ParcelsToListQuery["parcelsToList"] }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: async () =>
      accepted((await execute(CarrierListCreateDocument, { provider })).carrierListCreate).carrierList,
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: LISTS });
      if (made) {
        await openInNewTab(made.file.url);
      }
    },
  });
  if (parcels.length === 0) {
    return <Empty>{t("packing.lists.none")}</Empty>;
  }
  return (
    <>
      <ul className={styles.parcels} aria-label={t("packing.lists.waiting", { count: parcels.length })}>
        {parcels.map((parcel) => (
          <li key={parcel.id}>
            <span>
              {parcel.number} · {parcel.customerName}
            </span>
            {parcel.error !== null && <Problem>{parcel.error}</Problem>}
          </li>
        ))}
      </ul>
      <Actions>
        <Button
          variant="primary"
          icon={<Download size={14} aria-hidden />}
          busy={create.isPending}
          onClick={() => create.mutate()}
        >
          {t("packing.lists.make", { count: parcels.length })}
        </Button>
      </Actions>
      {create.error && <Problem>{explain(create.error)}</Problem>}
    </>
  );
}

function Lists({ lists }: { lists: ParcelsToListQuery["carrierLists"] }) {
  const t = useT();
  const format = useFormat();
  if (lists.length === 0) {
    return null;
  }
  return (
    <ul className={styles.parcels} aria-label={t("packing.lists.made")}>
      {lists.map((list) => (
        <li key={list.id} className={styles.list}>
          <div>
            <span>{list.file.name}</span>
            <Muted>
              {t("packing.lists.state", {
                date: format.dateTime(list.createdAt),
                count: list.parcelCount,
                open: list.openCount,
              })}
            </Muted>
          </div>
          <Button onClick={() => void openInNewTab(list.file.url)}>{t("packing.lists.again")}</Button>
        </li>
      ))}
    </ul>
  );
}

type Heaps = NonNullable<CarrierListReadBackMutation["carrierListReadBack"]>;

function ReadBack({ provider }: { provider: string }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const id = useId();
  const read = useMutation({
    mutationFn: async (file: File) =>
      accepted((await execute(CarrierListReadBackDocument, { provider, file })).carrierListReadBack),
    onSuccess: () => client.invalidateQueries({ queryKey: LISTS }),
  });
  return (
    <div className={styles.readBack}>
      <label htmlFor={id} className={styles.upload}>
        <Upload size={14} aria-hidden />
        {t("packing.lists.readBack")}
      </label>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        disabled={read.isPending}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) {
            read.mutate(file);
          }
        }}
      />
      <Muted>{t("packing.lists.readBackHelp")}</Muted>
      {read.error && <Problem>{explain(read.error)}</Problem>}
      {read.data && <Outcome heaps={read.data} />}
    </div>
  );
}

function Outcome({ heaps }: { heaps: Heaps }) {
  const t = useT();
  const lines = [
    t("packing.lists.labeled", { count: heaps.labeled?.length ?? 0 }),
    ...(heaps.known?.length ? [t("packing.lists.known", { numbers: heaps.known.join(", ") })] : []),
    ...(heaps.unknown?.length ? [t("packing.lists.unknown", { numbers: heaps.unknown.join(", ") })] : []),
    ...(heaps.closed?.length ? [t("packing.lists.closed", { numbers: heaps.closed.join(", ") })] : []),
  ];
  return (
    <div role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
