import { Block } from "@/components/settings";
import { useT } from "@/lib/intl";
import { DoorAccount } from "./door-account";
import { CopyField } from "./doors";
import type { EditorProps } from "./kinds";
import { usePortal } from "./portal";

/** The contact form of the portal. */
export function FormAccount(props: EditorProps) {
  const t = useT();
  const portal = usePortal();
  return (
    <DoorAccount
      {...props}
      kind="form"
      adapter=""
      suggestedName={t("channels.form")}
      title="channels.form"
      help="channels.form.steps"
      withAutoReply
      further={() =>
        props.account &&
        portal.data && (
          <Block title={t("channels.form.page")} help={t("channels.form.page.help")}>
            <CopyField label={t("channels.form.link")} value={`${portal.data}contact/`} />
          </Block>
        )
      }
    />
  );
}
