import { useState } from "react";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import { DateTime } from "@/components/time";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { AccountForm, AutoReplyChoice, LANGUAGES, LanguageField, NameField } from "./account-form";
import { Connecting } from "./connecting";
import { useTeams } from "./data";
import { Doors } from "./doors";
import type { EditorProps } from "./kinds";
import { type Preset, presetsOf } from "./presets";
import { Servers } from "./servers";
import { Signature } from "./signature";
import { Trying } from "./trying";
import { useAccountForm } from "./use-account-form";

/** A mailbox: where it stands, how we sign in, who its letters are from, and whether it works. */
export function MailAccount({ account, adapters, mayChange, onSaved }: EditorProps) {
  const t = useT();
  const teams = useTeams().data;
  const form = useAccountForm({ kind: "email", account, onSaved });
  const [preset, setPreset] = useState<Preset>();
  const { draft, change, problemOf } = form;
  const choose = (key: string) => {
    const chosen = presetsOf(adapters).find((one) => one.key === key);
    setPreset(chosen);
    if (chosen) {
      const { incoming, outgoing, values } = chosen;
      const login = { "imap.username": draft.address, "smtp.username": draft.address };
      const typed = incoming === "imap" ? { ...login, ...values } : values;
      change({ incoming, outgoing, typed });
    }
  };
  const chosen = account !== undefined || preset !== undefined;
  return (
    <AccountForm form={form} mayChange={mayChange} onDiscard={() => setPreset(undefined)}>
      {account && <State account={account} />}
      <Block title={t("channels.mailbox")} help={t("channels.mailbox.help")}>
        {!account && (
          <SelectField
            label={t("channels.preset")}
            value={preset?.key ?? ""}
            onChange={(event) => choose(event.target.value)}
          >
            <option value="" />
            {presetsOf(adapters).map(({ key, name }) => (
              <option key={key} value={key}>
                {name ?? t("channels.preset.other")}
              </option>
            ))}
          </SelectField>
        )}
        <Pair>
          <TextField
            label={t("channels.address")}
            type="email"
            autoComplete="off"
            value={draft.address}
            error={problemOf("address")}
            onChange={(event) => {
              const address = event.target.value;
              // The user name is the address nearly everywhere; whoever has another types it after this.
              const follows = draft.typed["imap.username"] === draft.address && draft.incoming === "imap";
              const login = { "imap.username": address, "smtp.username": address };
              change({ address, typed: follows ? { ...draft.typed, ...login } : draft.typed });
            }}
          />
          <NameField form={form} />
        </Pair>
      </Block>
      {chosen && (
        <Servers
          draft={draft}
          account={account}
          adapters={adapters}
          problemOf={problemOf}
          onType={form.type}
          onChange={change}
        >
          {account && account.authority !== "" && <Connecting account={account} dirty={form.dirty} />}
          <Trying account={account} input={form.input} dirty={form.dirty} onProblems={form.onProblems} />
        </Servers>
      )}
      {account && account.doors.length > 0 && (
        <Block title={t("channels.doors")} help={t("channels.doors.help")}>
          <Doors account={account} />
        </Block>
      )}
      <Block title={t("channels.sender")} help={t("channels.sender.help")}>
        <Pair>
          <TextField
            label={t("common.optional", { label: t("channels.senderName") })}
            value={draft.senderName}
            error={problemOf("senderName")}
            maxLength={100}
            onChange={(event) => change({ senderName: event.target.value })}
          />
          <LanguageField form={form} />
        </Pair>
        {teams !== undefined && teams.length > 0 && (
          <SelectField
            label={t("channels.team")}
            value={draft.teamId}
            onChange={(event) => change({ teamId: event.target.value })}
          >
            <option value="">{t("channels.team.none")}</option>
            {teams.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        <Choice
          label={t("channels.isDefault")}
          help={t("channels.isDefault.help")}
          checked={draft.isDefault}
          onChange={(event) => change({ isDefault: event.target.checked })}
        />
        <AutoReplyChoice form={form} />
        <Choice
          label={t("channels.enabled")}
          help={t("channels.enabled.help")}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
      </Block>
      <Block title={t("channels.signature")} help={t("channels.signature.help")}>
        {LANGUAGES.map((language) => (
          <Signature
            key={language}
            language={language}
            text={draft.signatures[language] ?? ""}
            error={problemOf(`signatures.${language}`)}
            onChange={(text) => change({ signatures: { ...draft.signatures, [language]: text } })}
          />
        ))}
      </Block>
    </AccountForm>
  );
}

function State({ account }: { account: ChannelAccountPartsFragment }) {
  const t = useT();
  return (
    <div role="status">
      {account.problem !== "" && (
        <Problem>
          {t("channels.problem.in")} {account.problem}{" "}
          {account.problemSince !== null && <DateTime at={account.problemSince} />}
        </Problem>
      )}
      {account.sendingProblem !== "" && (
        <Problem>
          {t("channels.problem.out")} {account.sendingProblem}{" "}
          {account.sendingProblemSince !== null && <DateTime at={account.sendingProblemSince} />}
        </Problem>
      )}
      {account.problem === "" && account.heardAt !== null && (
        <p>
          {t("channels.heard")} <DateTime at={account.heardAt} />
        </p>
      )}
    </div>
  );
}
