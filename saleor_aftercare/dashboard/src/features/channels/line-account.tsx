import { Block } from "@/components/settings";
import { useT } from "@/lib/intl";
import { DoorAccount } from "./door-account";
import { Doors } from "./doors";
import type { EditorProps } from "./kinds";
import { Trying } from "./trying";

/** A LINE Official Account: two secrets from LINE, and our address for LINE. */
export function LineAccount(props: EditorProps) {
  const t = useT();
  const { account } = props;
  return (
    <DoorAccount
      {...props}
      kind="line"
      adapter="line"
      suggestedName="LINE"
      title="channels.line"
      help="channels.line.steps"
      addressLabel="channels.line.address"
      further={(input, dirty, onProblems) => (
        <>
          {account && account.doors.length > 0 && (
            <Block title={t("channels.doors")} help={t("channels.line.doors.help")}>
              <Doors account={account} />
            </Block>
          )}
          <Block title={t("channels.test")} help={t("channels.line.test.help")}>
            <Trying kind="line" account={account} input={input} dirty={dirty} onProblems={onProblems} />
          </Block>
        </>
      )}
    />
  );
}
