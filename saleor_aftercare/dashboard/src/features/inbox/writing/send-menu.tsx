import { ChevronDown } from "lucide-react";
import { Menu, type MenuItem } from "@/components/menu";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./send-menu.module.css";
import type { Press } from "./use-send";

/** The other ways of sending: with what becomes of the conversation, and by which channel. */
export function SendMenu({
  ticket,
  disabled,
  onPress,
}: {
  ticket: TicketDetailFragment;
  disabled: boolean;
  onPress: (press: Press) => void;
}) {
  const t = useT();
  const item = (key: string, label: string, press: Press): MenuItem => ({
    key,
    label,
    onSelect: () => {
      if (!disabled) {
        onPress(press);
      }
    },
  });
  const items = [
    item("solve", t("composer.sendAndSolve"), { move: "SOLVE" }),
    item("wait", t("composer.sendAndWait"), { move: "WAIT_FOR_OTHERS" }),
    item("reopen", t("composer.sendAndKeep"), { move: "REOPEN" }),
    item("tomorrow", t("composer.sendAndTomorrow"), { move: "SNOOZE", until: tomorrowAtNine() }),
    ...(["LINE", "CHAT"].includes(ticket.channel) && ticket.customerEmail !== ""
      ? [item("mail", t("composer.sendByMail", { address: ticket.customerEmail }), { byMail: true })]
      : []),
  ];
  return (
    <div className={styles.upwards}>
      <Menu label={t("composer.sendMore")} items={items} align="end" className={styles.trigger ?? ""}>
        <span className="visually-hidden">{t("composer.sendMore")}</span>
        <ChevronDown size={14} aria-hidden />
      </Menu>
    </div>
  );
}

function tomorrowAtNine(): string {
  const moment = new Date();
  moment.setDate(moment.getDate() + 1);
  moment.setHours(9, 0, 0, 0);
  return moment.toISOString();
}
