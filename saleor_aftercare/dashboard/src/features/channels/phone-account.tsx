import { Block } from "@/components/settings";
import { useT } from "@/lib/intl";
import { DoorAccount } from "./door-account";
import { CopyField, Doors } from "./doors";
import type { EditorProps } from "./kinds";

const EXAMPLE = JSON.stringify({
  call_id: "a1b2",
  event: "ringing",
  direction: "inbound",
  number: "+81901234567",
  at: "2026-11-22T10:00:00+09:00",
});

/** A telephone: staff note its calls, and a telephone system may tell of them. */
export function PhoneAccount(props: EditorProps) {
  const t = useT();
  const { account } = props;
  return (
    <DoorAccount
      {...props}
      kind="phone"
      adapter="cti"
      suggestedName={t("channels.phone")}
      title="channels.phone"
      help="channels.phone.steps"
      addressLabel="channels.phone.address"
      further={() =>
        account &&
        account.doors.length > 0 && (
          <Block title={t("channels.doors")} help={t("channels.phone.doors.help")}>
            <Doors account={account} />
            <CopyField label={t("channels.phone.example")} value={EXAMPLE} />
          </Block>
        )
      }
    />
  );
}
