import type { MessageId } from "@/lib/intl";

export interface Place {
  href: string;
  label: MessageId;
}

/** Where work begins, for one role or another. */
export const ROOTS = [
  { href: "/inbox", label: "go.inbox" },
  { href: "/receiving", label: "receiving.title" },
  { href: "/packing", label: "nav.packing" },
  { href: "/returns", label: "nav.returns" },
  { href: "/settings", label: "nav.settings" },
] as const satisfies Place[];

interface Section {
  label: MessageId;
  places: readonly Place[];
}

/** The pages of the settings, in the order in which a new shop meets them. */
export const SETTINGS: readonly Section[] = [
  { label: "settings.section.shop", places: [{ href: "/settings", label: "settings.general" }] },
  {
    label: "settings.section.channels",
    places: [{ href: "/settings/channels", label: "channels.title" }],
  },
  {
    label: "settings.section.service",
    places: [
      { href: "/settings/service-levels", label: "sla.title" },
      { href: "/settings/satisfaction", label: "csat.title" },
      { href: "/settings/contacts", label: "contacts.title" },
    ],
  },
  {
    label: "settings.section.writing",
    places: [
      { href: "/settings/replies", label: "replies.title" },
      { href: "/settings/macros", label: "macros.title" },
      { href: "/settings/writing", label: "writing.title" },
    ],
  },
  {
    label: "settings.section.team",
    places: [
      { href: "/settings/team", label: "team.title" },
      { href: "/settings/rules", label: "rules.title" },
      { href: "/settings/notices", label: "notices.settings" },
      { href: "/settings/marks", label: "marks.title" },
    ],
  },
  {
    label: "settings.section.returns",
    places: [
      { href: "/settings/policies", label: "policies.title" },
      { href: "/settings/reasons", label: "reasons.title" },
      { href: "/settings/labels", label: "providers.title" },
      { href: "/settings/words", label: "words.title" },
    ],
  },
];
