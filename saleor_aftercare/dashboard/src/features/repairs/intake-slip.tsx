import { Printer } from "lucide-react";
import { Button } from "@/components/button";
import { openInNewTab } from "@/lib/bridge";
import { useT } from "@/lib/intl";

/** The sheet that travels with the device. */
export function IntakeSlip({ url }: { url: string }) {
  const t = useT();
  return (
    <div>
      <Button icon={<Printer size={14} aria-hidden />} onClick={() => void openInNewTab(url)}>
        {t("repair.slip")}
      </Button>
    </div>
  );
}
