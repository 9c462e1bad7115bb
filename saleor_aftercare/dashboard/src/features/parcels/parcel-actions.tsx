import { useState } from "react";
import { Button } from "@/components/button";
import { Actions } from "@/components/card";
import { Problem } from "@/components/feedback";
import {
  ParcelHandoverSetDocument,
  ParcelMarkArrivedDocument,
  ParcelMarkLostDocument,
  ParcelMarkReturnedDocument,
  ParcelVoidDocument,
} from "@/gql/parcels";
import type { ParcelDefaultsPartsFragment, ParcelHandover, ParcelPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { ReplaceDialog, RetryDialog, SentDialog, TrackingDialog, UploadDialog } from "./dialogs";
import type { ProviderChoice } from "./parcel-card";

const STEPS = {
  void: async (id: string) => accepted((await execute(ParcelVoidDocument, { id })).parcelVoid),
  mark_arrived: async (id: string) =>
    accepted((await execute(ParcelMarkArrivedDocument, { id })).parcelMarkArrived),
  mark_lost: async (id: string) => accepted((await execute(ParcelMarkLostDocument, { id })).parcelMarkLost),
  mark_returned: async (id: string) =>
    accepted((await execute(ParcelMarkReturnedDocument, { id })).parcelMarkReturned),
};
const DIALOGS = ["replace", "retry", "upload", "mark_sent", "set_tracking"] as const;
type DialogName = (typeof DIALOGS)[number];
type StepName = keyof typeof STEPS;

/** What the server lists as possible now; it alone knows the rules. */
export function ParcelActions({
  parcel,
  providers,
  usual,
}: {
  parcel: ParcelPartsFragment;
  providers: readonly ProviderChoice[];
  usual: ParcelDefaultsPartsFragment;
}) {
  const t = useT();
  const explain = useExplain();
  const [open, setOpen] = useState<DialogName>();
  const step = useStep(async (name: StepName) => STEPS[name](parcel.id));
  const close = () => setOpen(undefined);
  const can = (name: string) => parcel.actions.includes(name);
  const other = parcel.handoverChoices.find((one) => one !== parcel.handover);
  const handover = useStep(async (way: ParcelHandover) =>
    accepted((await execute(ParcelHandoverSetDocument, { id: parcel.id, handover: way })).parcelHandoverSet),
  );
  const shown = parcel.actions.some((name) => name in STEPS || DIALOGS.some((one) => one === name));
  return !shown ? null : (
    <>
      <Actions>
        {DIALOGS.filter(can).map((name) => (
          <Button key={name} onClick={() => setOpen(name)}>
            {t(`parcel.do.${name}`)}
          </Button>
        ))}
        {can("choose_handover") && other && (
          <Button busy={handover.isPending} onClick={() => handover.mutate(other)}>
            {t(`parcel.choose.${other}`)}
          </Button>
        )}
        {(Object.keys(STEPS) as StepName[]).filter(can).map((name) => (
          <Button
            key={name}
            variant={name === "void" ? "tertiary" : "secondary"}
            busy={step.isPending && step.variables === name}
            onClick={() => step.mutate(name)}
          >
            {t(`parcel.do.${name}`)}
          </Button>
        ))}
      </Actions>
      {handover.error && <Problem>{explain(handover.error)}</Problem>}
      {step.error && <Problem>{explain(step.error)}</Problem>}
      {open === "replace" && (
        <ReplaceDialog parcel={parcel} providers={providers} usual={usual} onClose={close} />
      )}
      {open === "retry" && (
        <RetryDialog parcel={parcel} providers={providers} usual={usual} onClose={close} />
      )}
      {open === "upload" && <UploadDialog parcel={parcel} onClose={close} />}
      {open === "mark_sent" && <SentDialog parcel={parcel} onClose={close} />}
      {open === "set_tracking" && <TrackingDialog parcel={parcel} onClose={close} />}
    </>
  );
}
