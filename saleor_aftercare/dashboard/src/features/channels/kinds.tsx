import { FileText, Mail, MessageCircle, MessagesSquare, Phone } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import type { ChannelAccountPartsFragment, ChannelAdapterPartsFragment } from "@/gql/types";
import type { MessageId } from "@/lib/intl";
import { ChatAccount } from "./chat-account";
import { FormAccount } from "./form-account";
import { LineAccount } from "./line-account";
import { MailAccount } from "./mail-account";
import { PhoneAccount } from "./phone-account";

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
  {
    kind: "form",
    title: "channels.form",
    help: "channels.form.help",
    add: "channels.form.add",
    icon: <FileText size={16} aria-hidden />,
    single: true,
    Editor: FormAccount,
  },
  {
    kind: "chat",
    title: "channels.chat",
    help: "channels.chat.help",
    add: "channels.chat.add",
    icon: <MessagesSquare size={16} aria-hidden />,
    single: true,
    Editor: ChatAccount,
  },
  {
    kind: "phone",
    title: "channels.phone",
    help: "channels.phone.help",
    add: "channels.phone.add",
    icon: <Phone size={16} aria-hidden />,
    Editor: PhoneAccount,
  },
  {
    kind: "line",
    title: "channels.line",
    help: "channels.line.help",
    add: "channels.line.add",
    icon: <MessageCircle size={16} aria-hidden />,
    Editor: LineAccount,
  },
];

export const kindOf = (kind: string): Kind | undefined => KINDS.find((one) => one.kind === kind);
