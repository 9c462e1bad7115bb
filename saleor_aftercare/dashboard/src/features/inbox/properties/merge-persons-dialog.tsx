import { useDeferredValue, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import type { PersonPartsFragment, TicketPropertiesFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useMergePersons, usePeople } from "./data";
import styles from "./properties.module.css";

interface MergePersonsDialogProps {
  person: NonNullable<TicketPropertiesFragment["person"]>;
  /** Who is meant, when the question is about one of those who look alike. */
  preset?: string;
  onClose: () => void;
}

/** Who else this person is: all that is the other's becomes theirs. */
export function MergePersonsDialog({ person, preset, onClose }: MergePersonsDialogProps) {
  const t = useT();
  const explain = useExplain();
  const merge = useMergePersons();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState(preset);
  const found = usePeople(useDeferredValue(search.trim())).data ?? [];
  const listed = search.trim().length > 1 ? found : person.lookAlikes;
  const offered = listed.filter((one) => one.id !== person.id);
  return (
    <Dialog
      title={t("person.merge")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={merge.isPending}
            disabled={chosen === undefined || offered.every((one) => one.id !== chosen)}
            onClick={() =>
              chosen !== undefined && merge.mutate({ id: person.id, otherId: chosen }, { onSuccess: onClose })
            }
          >
            {t("person.merge.confirm")}
          </Button>
        </>
      }
    >
      <p className={styles.muted}>{t("person.merge.help")}</p>
      <TextField
        type="search"
        label={t("person.merge.search")}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{t("person.merge")}</legend>
        {offered.length === 0 && <p className={styles.muted}>{t("person.merge.none")}</p>}
        {offered.map((one) => (
          <Choice
            key={one.id}
            type="radio"
            name="person"
            label={one.name || contactOf(one)}
            help={t("person.merge.about", { value: contactOf(one), count: one.ticketCount })}
            checked={chosen === one.id}
            onChange={() => setChosen(one.id)}
          />
        ))}
      </fieldset>
      {merge.error !== null && <Problem>{explain(merge.error)}</Problem>}
    </Dialog>
  );
}

const contactOf = (person: PersonPartsFragment): string =>
  person.identities.find((one) => one.kind === "EMAIL" || one.kind === "PHONE")?.value ?? "";
