import type { ReactNode } from "react";
import { Problem } from "@/components/feedback";
import { Choice, TextArea, TextField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import { DateTime } from "@/components/time";
import type { ChannelAccountInput, ChannelFieldPartsFragment } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { AccountForm, AutoReplyChoice, LanguageField, NameField } from "./account-form";
import { FieldOf } from "./field-of";
import { valueIn } from "./form";
import type { EditorProps } from "./kinds";
import { type ByField, useAccountForm } from "./use-account-form";

/** Fields of which each line says one thing. */
const SEVERAL_LINES = /^(topics|greeting)_/;

interface DoorProps extends EditorProps {
  kind: string;
  /** The adapter that hears and sends; empty for doors of our own. */
  adapter: string;
  suggestedName: string;
  title: MessageId;
  help: MessageId;
  /** The telephone's own number, say; left out where others know the account by nothing. */
  addressLabel?: MessageId;
  withAutoReply?: boolean;
  /** What stands under the fields: a test, addresses to be taken elsewhere. */
  further?: (input: ChannelAccountInput, dirty: boolean, onProblems: (by: ByField) => void) => ReactNode;
}

/** A door that is no mailbox: its name, what its adapter wants to know, and whether it is open. */
export function DoorAccount({ account, adapters, mayChange, onSaved, ...door }: DoorProps) {
  const t = useT();
  const sends = adapters.some((one) => one.slug === door.adapter && one.sends);
  const form = useAccountForm({
    kind: door.kind,
    account,
    suggested: {
      name: door.suggestedName,
      incoming: door.adapter,
      outgoing: sends ? door.adapter : "",
    },
    onSaved,
  });
  const { draft, change, problemOf } = form;
  return (
    <AccountForm form={form} mayChange={mayChange}>
      {account && account.problem !== "" && (
        <div role="status">
          <Problem>
            {account.problem} {account.problemSince !== null && <DateTime at={account.problemSince} />}
          </Problem>
        </div>
      )}
      {account && account.problem === "" && account.heardAt !== null && (
        <p role="status">
          {t("channels.heard")} <DateTime at={account.heardAt} />
        </p>
      )}
      <Block title={t(door.title)} help={t(door.help)}>
        <Pair>
          <NameField form={form} />
          {door.addressLabel && (
            <TextField
              label={t("common.optional", { label: t(door.addressLabel) })}
              value={draft.address}
              error={problemOf("address")}
              maxLength={254}
              onChange={(event) => change({ address: event.target.value })}
            />
          )}
        </Pair>
        {fieldsOf(adapters).map((field) => (
          <OneField
            key={`${field.section}.${field.name}`}
            field={field}
            draft={draft}
            account={account}
            error={problemOf(`${field.section}.${field.name}`)}
            onType={form.type}
          />
        ))}
        <LanguageField form={form} />
        {door.withAutoReply && <AutoReplyChoice form={form} />}
        <Choice
          label={t("channels.enabled")}
          help={t("channels.door.enabled.help")}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
      </Block>
      {door.further?.(form.input, form.dirty, form.onProblems)}
    </AccountForm>
  );
}

/** Everything that any adapter of this kind wants to be told, each once. */
function fieldsOf(adapters: EditorProps["adapters"]): ChannelFieldPartsFragment[] {
  const found = new Map<string, ChannelFieldPartsFragment>();
  for (const adapter of adapters) {
    for (const field of [...adapter.incomingFields, ...adapter.outgoingFields]) {
      found.set(`${field.section}.${field.name}`, field);
    }
  }
  return [...found.values()];
}

function OneField(props: Parameters<typeof FieldOf>[0]) {
  const t = useT();
  const { field, draft, account, error, onType } = props;
  if (!SEVERAL_LINES.test(field.name)) {
    return <FieldOf {...props} />;
  }
  return (
    <TextArea
      lang={field.name.slice(-2)}
      label={t("common.optional", { label: field.label })}
      help={field.help === "" ? undefined : field.help}
      value={valueIn(draft, account, field.section, field.name)}
      error={error}
      maxLength={4000}
      onChange={(event) => onType(`${field.section}.${field.name}`, event.target.value)}
    />
  );
}
