import { BadgeCheck, Mail, MessageCircle, Phone, Plus, UserRound, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { TextField } from "@/components/field";
import { Pill } from "@/components/pill";
import type { IdentityKind, PersonPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useAddIdentity, useRemoveIdentity } from "./data";
import styles from "./properties.module.css";

const ICONS = { EMAIL: Mail, PHONE: Phone, LINE: MessageCircle, SALEOR: UserRound };

/** What a person is known by. Whatever has an @ is an address, anything else a number. */
export function Identities({ person }: { person: PersonPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const add = useAddIdentity();
  const remove = useRemoveIdentity();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState("");
  return (
    <div>
      <ul className={styles.identities} aria-label={t("person.identities")}>
        {person.identities.map((one) => {
          const Icon = ICONS[one.kind];
          const removable = one.kind !== "SALEOR" && person.identities.length > 1;
          return (
            <li key={one.id} className={styles.identity}>
              <Icon size={14} role="img" aria-label={t(`person.identity.${one.kind}`)} />
              <span className={styles.value}>
                {one.kind === "SALEOR" || one.kind === "LINE" ? t(`person.identity.${one.kind}`) : one.value}
              </span>
              {one.verifiedAt !== null && (
                <BadgeCheck
                  size={14}
                  role="img"
                  aria-label={t("person.verified")}
                  className={styles.verified}
                />
              )}
              {one.spamSince !== null && <Pill tone="error">{t("person.spammer")}</Pill>}
              {removable && (
                <IconButton
                  label={t("person.identity.remove", { value: one.value })}
                  icon={<X size={12} />}
                  onClick={() =>
                    remove.mutate(one.id, {
                      onError: (error) => notify("error", t("inbox.action.failed"), explain(error)),
                    })
                  }
                />
              )}
            </li>
          );
        })}
      </ul>
      {adding ? (
        <form
          className={styles.inline}
          onSubmit={(event) => {
            event.preventDefault();
            const kind: IdentityKind = text.includes("@") ? "EMAIL" : "PHONE";
            if (text.trim() !== "" && !add.isPending) {
              add.mutate(
                { id: person.id, kind, value: text },
                {
                  onSuccess: () => {
                    setText("");
                    setAdding(false);
                  },
                },
              );
            }
          }}
        >
          <TextField
            label={t("person.identity.new")}
            value={text}
            maxLength={254}
            error={add.error === null ? undefined : explain(add.error)}
            onChange={(event) => setText(event.target.value)}
            ref={(field) => field?.focus()}
          />
          <Button type="submit" busy={add.isPending}>
            {t("person.identity.add")}
          </Button>
        </form>
      ) : (
        <Button variant="tertiary" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
          {t("person.identity.new")}
        </Button>
      )}
    </div>
  );
}
