import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextArea, TextField } from "@/components/field";
import { Block, ExitGuard, Pair, SaveBar, SettingsForm } from "@/components/settings";
import { DateTime } from "@/components/time";
import { ChannelAccountCreateDocument, ChannelAccountUpdateDocument } from "@/gql/channels";
import type { ChannelAccountInput, ChannelFieldPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { type MessageId, useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { FieldOf } from "./field-of";
import { type Draft, draftOf, inputOf, valueIn } from "./form";
import type { EditorProps } from "./kinds";

const LANGUAGES = ["en", "ja"] as const;
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

export type ByField = Readonly<Record<string, string>>;

/** A door that is no mailbox: its name, what its adapter wants to know, and whether it is open. */
export function DoorAccount({ account, adapters, mayChange, onSaved, ...door }: DoorProps) {
  const t = useT();
  const fresh = (): Draft => {
    const draft = draftOf(account);
    return account
      ? draft
      : { ...draft, name: door.suggestedName, incoming: door.adapter, outgoing: sends(door.adapter) };
  };
  const sends = (slug: string) => (adapters.some((one) => one.slug === slug && one.sends) ? slug : "");
  const [draft, setDraft] = useState(fresh);
  const [tried, setTried] = useState<ByField>({});
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const type = (key: string, value: string) => {
    setTried(({ [key]: _mended, ...rest }) => rest);
    setDraft((before) => ({ ...before, typed: { ...before.typed, [key]: value } }));
  };
  const dirty = JSON.stringify(draft) !== JSON.stringify(draftOf(account));
  const input = inputOf(draft, account);
  const save = useMutation({
    mutationFn: async () =>
      account
        ? accepted(
            (
              await execute(ChannelAccountUpdateDocument, {
                id: account.id,
                version: account.version,
                input,
              })
            ).channelAccountUpdate,
          ).account
        : accepted(
            (await execute(ChannelAccountCreateDocument, { kind: door.kind, input })).channelAccountCreate,
          ).account,
    onSuccess: (now) => {
      if (now) {
        onSaved(now);
      }
    },
  });
  const refused = save.error instanceof Refusal ? save.error.problems : [];
  const problemOf = (key: string) => refused.find((one) => one.field === key)?.message ?? tried[key];
  return (
    <SettingsForm
      onSubmit={() => save.mutate()}
      mayChange={mayChange}
      bar={
        <SaveBar
          dirty={dirty}
          busy={save.isPending}
          error={save.error}
          onDiscard={() => {
            setDraft(fresh());
            setTried({});
            save.reset();
          }}
        />
      }
    >
      <ExitGuard dirty={account !== undefined && dirty && !save.isSuccess} />
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
          <TextField
            label={t("channels.name")}
            help={t("channels.name.help")}
            value={draft.name}
            error={problemOf("name")}
            maxLength={100}
            onChange={(event) => change({ name: event.target.value })}
          />
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
            onType={type}
          />
        ))}
        <SelectField
          label={t("channels.language")}
          value={draft.language}
          onChange={(event) => change({ language: event.target.value })}
        >
          <option value="">{t("channels.language.shop")}</option>
          {LANGUAGES.map((language) => (
            <option key={language} value={language}>
              {t(`channels.language.${language}`)}
            </option>
          ))}
        </SelectField>
        {door.withAutoReply && (
          <Choice
            label={t("channels.autoReply")}
            help={t("channels.autoReply.help")}
            checked={draft.autoReply}
            onChange={(event) => change({ autoReply: event.target.checked })}
          />
        )}
        <Choice
          label={t("channels.enabled")}
          help={t("channels.door.enabled.help")}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
      </Block>
      {door.further?.(input, dirty, setTried)}
    </SettingsForm>
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
