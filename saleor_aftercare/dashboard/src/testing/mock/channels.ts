import type { ChannelAccountPartsFragment, ChannelAdapterPartsFragment } from "@/gql/types";
import type { World } from "./world";

const HELD = new WeakMap<World, ChannelAccountPartsFragment[]>();

export function newAccount(part: Partial<ChannelAccountPartsFragment>): ChannelAccountPartsFragment {
  return {
    id: "account-1",
    kind: "email",
    name: "Support",
    address: "care@shop.test",
    incoming: "imap",
    outgoing: "smtp",
    version: 1,
    enabled: true,
    isDefault: true,
    language: "",
    senderName: "",
    signatures: [],
    autoReply: true,
    teamId: null,
    heardAt: null,
    problem: "",
    problemSince: null,
    sendingProblem: "",
    sendingProblemSince: null,
    verifiedAt: null,
    authority: "",
    connected: false,
    values: [],
    doors: [],
    ...part,
  };
}

/** The accounts of the mock shop. */
export function accountsIn(world: World): ChannelAccountPartsFragment[] {
  const held = HELD.get(world) ?? [];
  HELD.set(world, held);
  return held;
}

const server = (section: string) =>
  (
    [
      ["host", "Server", []],
      ["port", "Port", []],
      ["security", "Security of the connection", ["tls", "starttls"]],
      ["auth", "Signing in", ["password", "google"]],
      ["username", "User name", []],
      ["password", "Password", []],
    ] as const
  ).map(([name, label, choices]) => ({
    section,
    name,
    label,
    help: "",
    secret: name === "password",
    required: !["auth", "username", "password"].includes(name),
    choices: [...choices],
  }));

const adapter = (part: Partial<ChannelAdapterPartsFragment>): ChannelAdapterPartsFragment => ({
  slug: "",
  name: "",
  hears: false,
  sends: false,
  polls: false,
  installed: true,
  doors: [],
  incomingFields: [],
  outgoingFields: [],
  ...part,
});

const ADAPTERS = [
  adapter({ slug: "imap", name: "IMAP mailbox", hears: true, polls: true, incomingFields: server("imap") }),
  adapter({ slug: "smtp", name: "SMTP server", sends: true, outgoingFields: server("smtp") }),
  adapter({ slug: "postmark", name: "Postmark", hears: true, sends: true, doors: ["inbound", "tracking"] }),
  adapter({ slug: "google", name: "Google" }),
];

interface Saved {
  kind?: string;
  input: Partial<ChannelAccountPartsFragment>;
}

/** What the mock shop answers about its channels. */
export const channelsOf = (world: World) => ({
  channelAccounts: () => accountsIn(world),
  channelAccount: ({ id }: { id: string }) => accountsIn(world).find((one) => one.id === id),
  channelAdapters: ({ kind }: { kind: string }) => (kind === "email" ? ADAPTERS : []),
  channelAccountCreate: ({ input }: Saved) => {
    if (input.address === "") {
      return {
        account: null,
        errors: [{ field: "address", message: "This field is needed.", code: "INVALID", item: null }],
      };
    }
    const { values, ...columns } = input;
    const account = newAccount({
      ...columns,
      id: `account-${accountsIn(world).length + 1}`,
      values: (values ?? []).map((one) => (one.name === "password" ? { ...one, value: null } : one)),
    });
    accountsIn(world).push(account);
    return { account, errors: [] };
  },
  channelAccountTest: ({ input }: Saved) => {
    const password = input.values?.find((one) => one.section === "imap" && one.name === "password")?.value;
    const well = { problem: "", field: "", folders: ["INBOX"], messages: 3 };
    return {
      incoming:
        password === "right"
          ? well
          : {
              problem: "The server does not accept the password.",
              field: "imap.password",
              folders: [],
              messages: null,
            },
      outgoing: { problem: "", field: "", folders: [], messages: null },
      errors: [],
    };
  },
});
