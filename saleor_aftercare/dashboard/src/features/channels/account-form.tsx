import type { ReactNode } from "react";
import { Choice, SelectField, TextField } from "@/components/field";
import { ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import { useT } from "@/lib/intl";
import type { AccountFormState } from "./use-account-form";

export const LANGUAGES = ["en", "ja"] as const;

interface AccountFormProps {
  form: AccountFormState;
  mayChange: boolean;
  onDiscard?: () => void;
  children: ReactNode;
}

/** The frame of an account's form: what is not saved is told about, and not lost by a step elsewhere. */
export function AccountForm({ form, mayChange, onDiscard, children }: AccountFormProps) {
  return (
    <SettingsForm
      onSubmit={form.save.mutate}
      mayChange={mayChange}
      bar={
        <SaveBar
          dirty={form.dirty}
          busy={form.save.isPending}
          error={form.save.error}
          onDiscard={() => {
            form.discard();
            onDiscard?.();
          }}
        />
      }
    >
      <ExitGuard dirty={form.changed} />
      {children}
    </SettingsForm>
  );
}

export function NameField({ form }: { form: AccountFormState }) {
  const t = useT();
  return (
    <TextField
      label={t("channels.name")}
      help={t("channels.name.help")}
      value={form.draft.name}
      error={form.problemOf("name")}
      maxLength={100}
      onChange={(event) => form.change({ name: event.target.value })}
    />
  );
}

/** Which language the account's automatic words are in. */
export function LanguageField({ form }: { form: AccountFormState }) {
  const t = useT();
  return (
    <SelectField
      label={t("channels.language")}
      value={form.draft.language}
      onChange={(event) => form.change({ language: event.target.value })}
    >
      <option value="">{t("channels.language.shop")}</option>
      {LANGUAGES.map((language) => (
        <option key={language} value={language}>
          {t(`channels.language.${language}`)}
        </option>
      ))}
    </SelectField>
  );
}

export function AutoReplyChoice({ form }: { form: AccountFormState }) {
  const t = useT();
  return (
    <Choice
      label={t("channels.autoReply")}
      help={t("channels.autoReply.help")}
      checked={form.draft.autoReply}
      onChange={(event) => form.change({ autoReply: event.target.checked })}
    />
  );
}
