import type {
  ChannelAccountInput,
  ChannelAccountPartsFragment,
  ChannelAdapterPartsFragment,
  ChannelFieldPartsFragment,
} from "@/gql/types";

/** An account as it stands in the form; values are by `section.name`, and only those that were typed. */
export interface Draft {
  name: string;
  address: string;
  incoming: string;
  outgoing: string;
  senderName: string;
  language: string;
  autoReply: boolean;
  isDefault: boolean;
  enabled: boolean;
  teamId: string;
  signatures: Readonly<Record<string, string>>;
  typed: Readonly<Record<string, string>>;
}

export function draftOf(account: ChannelAccountPartsFragment | undefined): Draft {
  return {
    name: account?.name ?? "",
    address: account?.address ?? "",
    incoming: account?.incoming ?? "",
    outgoing: account?.outgoing ?? "",
    senderName: account?.senderName ?? "",
    language: account?.language ?? "",
    autoReply: account?.autoReply ?? true,
    isDefault: account?.isDefault ?? false,
    enabled: account?.enabled ?? true,
    teamId: account?.teamId ?? "",
    signatures: Object.fromEntries((account?.signatures ?? []).map((one) => [one.language, one.text])),
    typed: {},
  };
}

/** What the service is sent: every column, and the fields that were typed. */
export function inputOf(draft: Draft, account: ChannelAccountPartsFragment | undefined): ChannelAccountInput {
  const { typed, signatures, isDefault, ...columns } = draft;
  const input: ChannelAccountInput = {
    ...columns,
    signatures: Object.entries(signatures).map(([language, text]) => ({ language, text })),
    values: Object.entries(typed).map(([key, value]) => {
      const dot = key.indexOf(".");
      return { section: key.slice(0, dot), name: key.slice(dot + 1), value };
    }),
  };
  // The first account of a kind is its default by itself; only a wish is said.
  return isDefault !== (account?.isDefault ?? false) ? { ...input, isDefault } : input;
}

/** What stands in a field: what was typed, else what was saved. Secrets are never shown. */
export function valueIn(
  draft: Draft,
  account: ChannelAccountPartsFragment | undefined,
  section: string,
  name: string,
): string {
  const saved = account?.values.find((one) => one.section === section && one.name === name);
  return draft.typed[`${section}.${name}`] ?? saved?.value ?? "";
}

export const isSet = (account: ChannelAccountPartsFragment | undefined, section: string, name: string) =>
  account?.values.some((one) => one.section === section && one.name === name) ?? false;

/** The fields that the chosen adapters want, each once, in the order of the form. */
export function fieldsOf(
  draft: Draft,
  adapters: readonly ChannelAdapterPartsFragment[],
): { title: string; fields: ChannelFieldPartsFragment[] }[] {
  const groups = new Map<string, { title: string; fields: ChannelFieldPartsFragment[] }>();
  for (const [slug, pick] of [
    [draft.incoming, "incomingFields"],
    [draft.outgoing, "outgoingFields"],
  ] as const) {
    const adapter = adapters.find((one) => one.slug === slug);
    if (adapter) {
      const group = groups.get(slug) ?? { title: adapter.name, fields: [] };
      const known = new Set(group.fields.map((one) => one.name));
      group.fields.push(...adapter[pick].filter((one) => !known.has(one.name)));
      groups.set(slug, group);
    }
  }
  return [...groups.values()];
}
