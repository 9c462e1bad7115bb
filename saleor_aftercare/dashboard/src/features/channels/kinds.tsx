import { Mail } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import type { ChannelAccountPartsFragment, ChannelAdapterPartsFragment } from "@/gql/types";
import type { MessageId } from "@/lib/intl";
import { MailAccount } from "./mail-account";

export interface EditorProps {
  /** Left out for one that is to be added. */
  account: ChannelAccountPartsFragment | undefined;
  adapters: readonly ChannelAdapterPartsFragment[];
  mayChange: boolean;
  onSaved: (account: ChannelAccountPartsFragment) => void;
}

interface Kind {
  kind: string;
  title: MessageId;
  help: MessageId;
  add: MessageId;
  icon: ReactNode;
  /** A shop has one at most. */
  single?: boolean;
  Editor: ComponentType<EditorProps>;
}

/** The kinds of channels in the order in which the page lists them. */
export const KINDS: readonly Kind[] = [
  {
    kind: "email",
    title: "channels.email",
    help: "channels.email.help",
    add: "channels.email.add",
    icon: <Mail size={16} aria-hidden />,
    Editor: MailAccount,
  },
];

export const kindOf = (kind: string): Kind | undefined => KINDS.find((one) => one.kind === kind);
