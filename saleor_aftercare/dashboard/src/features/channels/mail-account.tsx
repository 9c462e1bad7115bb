import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Block, ExitGuard, Pair, SaveBar, SettingsForm } from "@/components/settings";
import { DateTime } from "@/components/time";
import { ChannelAccountCreateDocument, ChannelAccountUpdateDocument } from "@/gql/channels";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { Connecting } from "./connecting";
import { useTeams } from "./data";
import { Doors } from "./doors";
import { type Draft, draftOf, inputOf } from "./form";
import type { EditorProps } from "./kinds";
import { type Preset, presetsOf } from "./presets";
import { Servers } from "./servers";
import { Signature } from "./signature";
import { Trying } from "./trying";

const LANGUAGES = ["en", "ja"] as const;

/** A mailbox: where it stands, how we sign in, who its letters are from, and whether it works. */
export function MailAccount({ account, adapters, mayChange, onSaved }: EditorProps) {
  const t = useT();
  const teams = useTeams().data;
  const [draft, setDraft] = useState(() => draftOf(account));
  const [preset, setPreset] = useState<Preset>();
  const [tried, setTried] = useState<Readonly<Record<string, string>>>({});
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
            (await execute(ChannelAccountCreateDocument, { kind: "email", input })).channelAccountCreate,
          ).account,
    onSuccess: (now) => {
      if (now) {
        onSaved(now);
      }
    },
  });
  const refused = save.error instanceof Refusal ? save.error.problems : [];
  const problemOf = (key: string) => refused.find((one) => one.field === key)?.message ?? tried[key];
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
    <SettingsForm
      onSubmit={() => save.mutate()}
      mayChange={mayChange}
      bar={
        <SaveBar
          dirty={dirty}
          busy={save.isPending}
          error={save.error}
          onDiscard={() => {
            setDraft(draftOf(account));
            setPreset(undefined);
            setTried({});
            save.reset();
          }}
        />
      }
    >
      <ExitGuard dirty={dirty && !save.isSuccess} />
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
          <TextField
            label={t("channels.name")}
            help={t("channels.name.help")}
            value={draft.name}
            error={problemOf("name")}
            maxLength={100}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Pair>
      </Block>
      {chosen && (
        <Servers
          draft={draft}
          account={account}
          adapters={adapters}
          problemOf={problemOf}
          onType={type}
          onChange={change}
        >
          {account && account.authority !== "" && <Connecting account={account} dirty={dirty} />}
          <Trying account={account} input={input} dirty={dirty} onProblems={setTried} />
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
        <Choice
          label={t("channels.autoReply")}
          help={t("channels.autoReply.help")}
          checked={draft.autoReply}
          onChange={(event) => change({ autoReply: event.target.checked })}
        />
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
    </SettingsForm>
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
