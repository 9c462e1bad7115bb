import { useIntl } from "react-intl";
import { type MessageId, useT } from "@/lib/intl";

const CHANNELS: Record<string, MessageId> = {
  portal: "sla.channel.portal",
  email: "sla.channel.email",
  form: "sla.channel.form",
  chat: "sla.channel.chat",
  phone: "sla.channel.phone",
  line: "sla.channel.line",
  follow_up: "sla.channel.follow_up",
  api: "sla.channel.api",
  staff: "sla.channel.staff",
};

/** A channel in words; its own name for one that this release does not know. */
export function useChannelName(): (channel: string) => string {
  const t = useT();
  return (channel) => {
    const id = CHANNELS[channel];
    return id === undefined ? channel : t(id);
  };
}

/** The first day of a moment's month: "2026-11-01". */
export function monthOf(moment: number): string {
  const at = new Date(moment);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-01`;
}

/** "November 2026". */
export function useMonthName(): (month: string) => string {
  const { locale } = useIntl();
  const format = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
  return (month) => format.format(new Date(`${month}T00:00:00Z`));
}
