import { Page } from "@/components/page";
import { useT } from "@/lib/intl";
import { CarrierPrograms } from "./carrier-programs";
import { ReturnForms } from "./return-forms";

/** What is done at the packing table: papers for outgoing parcels, and lists for carriers' programs. */
export function PackingPage() {
  const t = useT();
  return (
    <Page title={t("packing.title")} back={{ href: "/returns", label: t("nav.returns") }}>
      <ReturnForms />
      <CarrierPrograms />
    </Page>
  );
}
