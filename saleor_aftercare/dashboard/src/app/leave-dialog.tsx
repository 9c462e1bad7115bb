import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { useT } from "@/lib/intl";
import { useHeldLeaving } from "@/lib/leaving";

/** Asks before something that the service does not have yet is left behind. */
export function LeaveDialog() {
  const t = useT();
  const held = useHeldLeaving();
  return (
    held && (
      <Dialog
        title={t("leave.title")}
        onClose={held.stay}
        footer={
          <>
            <Button onClick={held.go}>{t("settings.exit.leave")}</Button>
            <Button variant="primary" onClick={held.stay}>
              {t("settings.exit.stay")}
            </Button>
          </>
        }
      >
        <p>{t("leave.text")}</p>
      </Dialog>
    )
  );
}
