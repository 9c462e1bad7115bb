import { CircleAlert, CircleCheck, CirclePause } from "lucide-react";
import { Pill } from "@/components/pill";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";

/** They stand on our own pages: nobody else's service can fail them. */
const OWN_DOORS = new Set(["form", "chat"]);

/** How an account does, in one word. */
export function AccountState({ account }: { account: ChannelAccountPartsFragment }) {
  const t = useT();
  if (!account.enabled) {
    return <Pill icon={<CirclePause size={12} aria-hidden />}>{t("channels.state.off")}</Pill>;
  }
  if (account.problem !== "" || account.sendingProblem !== "") {
    return (
      <Pill tone="error" icon={<CircleAlert size={12} aria-hidden />}>
        {t("channels.state.problem")}
      </Pill>
    );
  }
  if (account.authority !== "" && !account.connected) {
    return <Pill tone="attention">{t("channels.state.unconnected")}</Pill>;
  }
  if (OWN_DOORS.has(account.kind)) {
    return (
      <Pill tone="success" icon={<CircleCheck size={12} aria-hidden />}>
        {t("channels.state.on")}
      </Pill>
    );
  }
  if (account.heardAt === null && account.verifiedAt === null) {
    return <Pill>{t("channels.state.new")}</Pill>;
  }
  return (
    <Pill tone="success" icon={<CircleCheck size={12} aria-hidden />}>
      {t("channels.state.works")}
    </Pill>
  );
}
