import { Block } from "@/components/settings";
import { useT } from "@/lib/intl";
import { DoorAccount } from "./door-account";
import { CopyField } from "./doors";
import type { EditorProps } from "./kinds";
import { usePortal } from "./portal";

/** The chat window: what it says, when somebody is there, and the one line that a storefront needs. */
export function ChatAccount(props: EditorProps) {
  const t = useT();
  const portal = usePortal();
  return (
    <DoorAccount
      {...props}
      kind="chat"
      adapter=""
      suggestedName={t("channels.chat")}
      title="channels.chat"
      help="channels.chat.steps"
      further={() =>
        props.account &&
        portal.data && (
          <Block title={t("channels.chat.embed")} help={t("channels.chat.embed.help")}>
            <CopyField
              label={t("channels.chat.tag")}
              value={`<script src="${portal.data}chat/widget.js" async></script>`}
            />
            <CopyField label={t("channels.chat.page")} value={`${portal.data}chat/`} />
          </Block>
        )
      }
    />
  );
}
