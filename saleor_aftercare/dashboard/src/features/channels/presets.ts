import type { ChannelAdapterPartsFragment } from "@/gql/types";

/** Where a mailbox stands whose keeper is known: nobody should have to look up a port. */
export interface Preset {
  key: string;
  /** A name that is the same in every language; others are looked up in the catalogue. */
  name: string | undefined;
  incoming: string;
  outgoing: string;
  /** By `section.name`. */
  values: Readonly<Record<string, string>>;
}

function servers(
  key: string,
  name: string | undefined,
  imap: string,
  smtp: string,
  more: Readonly<Record<string, string>> = {},
): Preset {
  return {
    key,
    name,
    incoming: "imap",
    outgoing: "smtp",
    values: {
      "imap.host": imap,
      "imap.port": "993",
      "imap.security": "tls",
      "smtp.host": smtp,
      "smtp.port": "465",
      "smtp.security": "tls",
      ...more,
    },
  };
}

const STARTTLS = { "smtp.port": "587", "smtp.security": "starttls" };
const signedInAt = (keeper: string) => ({ "imap.auth": keeper, "smtp.auth": keeper });

const MAILBOXES: readonly Preset[] = [
  servers("gmail", "Gmail / Google Workspace", "imap.gmail.com", "smtp.gmail.com", {
    ...signedInAt("google"),
    "mail.plus": "yes",
  }),
  servers("microsoft", "Microsoft 365", "outlook.office365.com", "smtp.office365.com", {
    ...STARTTLS,
    ...signedInAt("microsoft"),
    "mail.plus": "yes",
  }),
  servers("yahoo-jp", "Yahoo!メール (Yahoo! JAPAN)", "imap.mail.yahoo.co.jp", "smtp.mail.yahoo.co.jp"),
  servers("sakura", "さくらのレンタルサーバ", "", "", STARTTLS),
  servers("xserver", "エックスサーバー (Xserver)", "", ""),
  servers("other", undefined, "", ""),
];

/** Every way to set a mailbox up: known keepers, other servers, and the mail services of this server. */
export function presetsOf(adapters: readonly ChannelAdapterPartsFragment[]): Preset[] {
  const services = adapters.filter((one) => one.sends && one.slug !== "smtp");
  const heard: Preset["values"] = { "mail.plus": "yes" };
  return [
    ...MAILBOXES,
    ...services.map(({ slug, name, hears }) => ({
      key: slug,
      name,
      incoming: hears ? slug : "",
      outgoing: slug,
      values: hears ? heard : {},
    })),
  ];
}
