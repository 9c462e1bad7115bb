import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import type { ViewPartsFragment } from "@/gql/types";
import { InboxViewDeleteDocument, InboxViewSaveDocument } from "@/gql/views";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { inView, type ListPlace } from "./place";

interface ViewDialogProps {
  place: ListPlace;
  /** The saved view that is shown and may be changed; undefined: a new one. */
  view: ViewPartsFragment | undefined;
  /** What the list is narrowed from. */
  base: string;
  onClose: () => void;
  onChoose: (place: ListPlace) => void;
}

/** Saves what the list shows under a name, for oneself or for all. */
export function ViewDialog({ place, view, base, onClose, onChoose }: ViewDialogProps) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const formId = useId();
  const mine = view?.isMineToChange ? view : undefined;
  const [name, setName] = useState(mine?.name ?? "");
  const [query, setQuery] = useState([base, place.search.trim()].filter(Boolean).join(" "));
  const [isShared, setShared] = useState(mine?.isShared ?? false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.views });
  const save = useMutation({
    mutationFn: async () => {
      const input = { name, query, order: place.order ?? null, isShared };
      const known = mine ? { id: mine.id, version: mine.version } : {};
      return accepted((await execute(InboxViewSaveDocument, { ...known, input })).inboxViewSave).view;
    },
    onSuccess: async (saved) => {
      await refresh();
      onClose();
      if (saved) {
        onChoose(inView("ALL", saved.id));
        void client.invalidateQueries({ queryKey: keys.allTickets });
      }
    },
  });
  const remove = useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(InboxViewDeleteDocument, { id })).inboxViewDelete),
    onSuccess: async () => {
      await refresh();
      onClose();
      onChoose(inView("OPEN"));
    },
  });
  const failure = save.error ?? remove.error;
  const problems = failure instanceof Refusal ? failure.problems : [];
  const about = (field: string) => problems.find((one) => one.field === field)?.message;

  return (
    <Dialog
      title={mine ? t("inbox.view.change") : t("inbox.view.save")}
      onClose={onClose}
      footer={
        <>
          {mine && (
            <Button variant="tertiary" busy={remove.isPending} onClick={() => remove.mutate(mine.id)}>
              {t("inbox.view.delete")}
            </Button>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === ""}
          >
            {t("inbox.view.keep")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextField
          label={t("inbox.view.name")}
          value={name}
          maxLength={60}
          error={about("name")}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t("inbox.view.query")}
          help={t("inbox.view.query.help")}
          value={query}
          maxLength={500}
          error={about("query")}
          onChange={(event) => setQuery(event.target.value)}
        />
        <Choice
          type="checkbox"
          label={t("inbox.view.shared")}
          checked={isShared}
          onChange={(event) => setShared(event.target.checked)}
        />
      </form>
      {failure && !about("name") && !about("query") && <Problem>{explain(failure)}</Problem>}
    </Dialog>
  );
}
