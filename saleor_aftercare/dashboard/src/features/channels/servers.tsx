import { type ReactNode, useState } from "react";
import { SelectField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import type {
  ChannelAccountPartsFragment,
  ChannelAdapterPartsFragment,
  ChannelFieldPartsFragment,
} from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./channels.module.css";
import { FieldOf } from "./field-of";
import { type Draft, fieldsOf, valueIn } from "./form";

interface ServersProps {
  draft: Draft;
  account: ChannelAccountPartsFragment | undefined;
  adapters: readonly ChannelAdapterPartsFragment[];
  problemOf: (key: string) => string | undefined;
  onType: (key: string, value: string) => void;
  onChange: (part: Partial<Draft>) => void;
  children: ReactNode;
}

/** Fields that both servers of a mailbox nearly always share. */
const SHARED = ["username", "password"];

/** How we sign in: the few fields that everybody fills in first, the rest folded away. */
export function Servers({ draft, account, adapters, problemOf, onType, onChange, children }: ServersProps) {
  const t = useT();
  const groups = fieldsOf(draft, adapters);
  const isPair = draft.incoming === "imap" && draft.outgoing === "smtp";
  const auth = valueIn(draft, account, "imap", "auth") || valueIn(draft, account, "smtp", "auth");
  const bySelf = auth !== "" && auth !== "password";
  const further = adapters.filter((one) => one.slug === "mail" || (bySelf && one.slug === auth));
  const field = (one: ChannelFieldPartsFragment, type = onType) => (
    <FieldOf
      key={`${one.section}.${one.name}`}
      field={one}
      draft={draft}
      account={account}
      error={problemOf(`${one.section}.${one.name}`)}
      onType={type}
    />
  );
  const imap = groups.find((one) => one.fields[0]?.section === "imap")?.fields ?? [];
  const both = (key: string, value: string) => {
    onType(key, value);
    onType(key.replace(/^imap\./, "smtp."), value);
  };
  const isBroken = groups.some(({ fields }) =>
    fields.some((one) => problemOf(`${one.section}.${one.name}`) !== undefined),
  );
  // What is missing for a keeper whose server nobody knows must be seen, and stay while it is filled in.
  const mustOpen = isBroken || !isPair || valueIn(draft, account, "imap", "host") === "";
  const [isOpen, setOpen] = useState(mustOpen);
  if (mustOpen && !isOpen) {
    setOpen(true);
  }
  return (
    <Block title={t("channels.servers")} help={t("channels.servers.help")}>
      {isPair && (
        <Pair>
          {imap
            .filter((one) => SHARED.includes(one.name) && !(bySelf && one.name === "password"))
            .map((one) => field(one, both))}
        </Pair>
      )}
      <details className={styles.more} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("channels.servers.details")}</summary>
        <div className={styles.fields}>
          <Pair>
            <Way
              label={t("channels.incoming")}
              value={draft.incoming}
              ways={adapters.filter((one) => one.hears)}
              onChange={(incoming) => onChange({ incoming })}
            />
            <Way
              label={t("channels.outgoing")}
              value={draft.outgoing}
              ways={adapters.filter((one) => one.sends)}
              onChange={(outgoing) => onChange({ outgoing })}
            />
          </Pair>
          {groups.map(({ title, fields }) => (
            <fieldset key={title} className={styles.group}>
              <legend>{title}</legend>
              {fields
                .filter((one) => !(isPair && one.section === "imap" && SHARED.includes(one.name)))
                .map((one) => field(one))}
            </fieldset>
          ))}
          {further.map((one) => (
            <fieldset key={one.slug} className={styles.group}>
              <legend>{one.name}</legend>
              {one.incomingFields.map((wanted) => field(wanted))}
            </fieldset>
          ))}
        </div>
      </details>
      {children}
    </Block>
  );
}

function Way({
  label,
  value,
  ways,
  onChange,
}: {
  label: string;
  value: string;
  ways: readonly ChannelAdapterPartsFragment[];
  onChange: (slug: string) => void;
}) {
  const t = useT();
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t("channels.way.none")}</option>
      {ways.map((one) => (
        <option key={one.slug} value={one.slug} disabled={!one.installed}>
          {one.installed ? one.name : t("channels.way.notInstalled", { name: one.name })}
        </option>
      ))}
    </SelectField>
  );
}
