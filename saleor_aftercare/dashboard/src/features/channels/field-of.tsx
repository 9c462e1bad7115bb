import { SelectField, TextField } from "@/components/field";
import type { ChannelAccountPartsFragment, ChannelFieldPartsFragment } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { type Draft, isSet, valueIn } from "./form";

interface FieldOfProps {
  field: ChannelFieldPartsFragment;
  draft: Draft;
  account: ChannelAccountPartsFragment | undefined;
  error: string | undefined;
  onType: (key: string, value: string) => void;
}

const CHOICES: Readonly<Record<string, MessageId>> = {
  tls: "channels.choice.tls",
  starttls: "channels.choice.starttls",
  none: "channels.choice.none",
  password: "channels.choice.password",
  google: "channels.choice.google",
  microsoft: "channels.choice.microsoft",
  keep: "channels.choice.keep",
  seen: "channels.choice.seen",
  move: "channels.choice.move",
  calendar: "channels.choice.calendar",
  always: "channels.choice.always",
  yes: "channels.choice.yes",
  no: "channels.choice.no",
};

/** Help that says something; anything else is an example of what could stand there. */
const SENTENCE = /[\s。→、]/;

/** One thing that an adapter wants to be told. */
export function FieldOf({ field, draft, account, error, onType }: FieldOfProps) {
  const t = useT();
  const hint = (help: string) => (SENTENCE.test(help) ? help : t("channels.example", { example: help }));
  const shared = {
    label: field.required ? field.label : t("common.optional", { label: field.label }),
    help: field.help === "" ? undefined : hint(field.help),
    error,
    value: valueIn(draft, account, field.section, field.name),
    onChange: (event: { target: { value: string } }) =>
      onType(`${field.section}.${field.name}`, event.target.value),
  };
  if (field.choices.length > 0) {
    return (
      <SelectField {...shared}>
        <option value="" />
        {field.choices.map((choice) => {
          const known = CHOICES[choice];
          return (
            <option key={choice} value={choice}>
              {known ? t(known) : choice}
            </option>
          );
        })}
      </SelectField>
    );
  }
  return (
    <TextField
      {...shared}
      type={field.secret ? "password" : "text"}
      autoComplete={field.secret ? "new-password" : "off"}
      spellCheck={false}
      maxLength={4000}
      placeholder={field.secret && isSet(account, field.section, field.name) ? "••••••••" : undefined}
    />
  );
}
