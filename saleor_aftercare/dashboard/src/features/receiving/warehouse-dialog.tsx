import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { DefaultWarehouseSetDocument } from "@/gql/receiving";
import type { DefaultWarehouseQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useDefaultWarehouse } from "./data";

/** Which warehouse's stock takes what comes back, unless somebody chooses another one at inspection. */
export function WarehouseDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const places = useDefaultWarehouse();
  if (places.data) {
    return <Choose places={places.data} onClose={onClose} />;
  }
  return (
    <Dialog title={t("receiving.warehouse.title")} onClose={onClose}>
      {places.error ? (
        <ErrorNotice error={places.error} onRetry={() => void places.refetch()} />
      ) : (
        <Skeleton rows={1} height={40} />
      )}
    </Dialog>
  );
}

function Choose({ places, onClose }: { places: DefaultWarehouseQuery; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const { warehouses, defaultWarehouse } = places;
  const gone = defaultWarehouse && !warehouses.some((one) => one.id === defaultWarehouse.id);
  const [chosen, setChosen] = useState(gone ? "" : (defaultWarehouse?.id ?? ""));
  const save = useStep(
    async () =>
      accepted(
        (await execute(DefaultWarehouseSetDocument, { warehouseId: chosen === "" ? null : chosen }))
          .defaultWarehouseSet,
      ),
    onClose,
  );
  return (
    <Dialog
      title={t("receiving.warehouse.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate(undefined)}>
            {t("receiving.warehouse.save")}
          </Button>
        </>
      }
    >
      <SelectField
        label={t("receiving.warehouse.label")}
        help={t("receiving.warehouse.help")}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">{t("receiving.warehouse.origin")}</option>
        {warehouses.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </SelectField>
      {gone && <Problem>{t("receiving.warehouse.gone", { name: defaultWarehouse.name })}</Problem>}
      {save.error && <Problem>{explain(save.error)}</Problem>}
    </Dialog>
  );
}
