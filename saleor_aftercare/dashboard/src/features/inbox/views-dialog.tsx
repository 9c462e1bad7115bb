import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { InboxColumn, ViewPartsFragment } from "@/gql/types";
import { InboxViewDeleteDocument, InboxViewSaveDocument, InboxViewsSortDocument } from "@/gql/views";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useViewer } from "@/lib/viewer";
import { columnLabel, EVERY_COLUMN } from "./columns";
import { inView, type ListPlace } from "./place";
import { Sortable } from "./sortable";
import { useTeams } from "./teams";
import styles from "./views-dialog.module.css";

const MINE = "";
const EVERYBODYS = "all";

interface ViewDialogProps {
  place: ListPlace;
  /** The saved view that is shown and may be changed; undefined: a new one. */
  view: ViewPartsFragment | undefined;
  /** What the list is narrowed from. */
  base: string;
  onClose: () => void;
  onChoose: (place: ListPlace) => void;
}

/** Saves what the list shows under a name: for oneself, for a team or for all, with columns of its own. */
export function ViewDialog({ place, view, base, onClose, onChoose }: ViewDialogProps) {
  const t = useT();
  const client = useQueryClient();
  const mine = view?.isMineToChange ? view : undefined;
  const [name, setName] = useState(mine?.name ?? "");
  const [query, setQuery] = useState([base, place.search.trim()].filter(Boolean).join(" "));
  const [sharing, setSharing] = useState(sharingOf(mine));
  const [columns, setColumns] = useState<readonly InboxColumn[]>(view?.columns ?? []);
  const refresh = () => client.invalidateQueries({ queryKey: keys.views });
  const save = useMutation({
    mutationFn: async () => {
      const isShared = sharing !== MINE;
      const teamId = isShared && sharing !== EVERYBODYS ? sharing : null;
      const input = { name, query, order: place.order ?? null, isShared, teamId, columns: [...columns] };
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
    <FormDialog
      title={mine ? t("inbox.view.change") : t("inbox.view.save")}
      confirm={t("inbox.view.keep")}
      busy={save.isPending}
      disabled={name.trim() === ""}
      error={failure}
      fields={["name", "query", "teamId"]}
      className={styles.form}
      aside={
        mine && (
          <Button variant="tertiary" busy={remove.isPending} onClick={() => remove.mutate(mine.id)}>
            {t("inbox.view.delete")}
          </Button>
        )
      }
      onClose={onClose}
      onSubmit={() => save.mutate()}
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
      <Sharing view={mine} value={sharing} error={about("teamId")} onChange={setSharing} />
      <Columns columns={columns} onChange={setColumns} />
    </FormDialog>
  );
}

const sharingOf = (view: ViewPartsFragment | undefined): string =>
  view?.isShared ? (view.teamId ?? EVERYBODYS) : MINE;

interface SharingProps {
  view: ViewPartsFragment | undefined;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** Who sees it. People of another company save views for themselves, and are not asked. */
function Sharing({ view, value, error, onChange }: SharingProps) {
  const t = useT();
  const mayShare = useViewer()?.rooms.includes("OFFICE") ?? false;
  const { shareable } = useTeams(mayShare);
  if (!mayShare) {
    return null;
  }
  const known = view?.teamId;
  return (
    <SelectField
      label={t("inbox.view.sharing")}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value={MINE}>{t("inbox.view.sharing.me")}</option>
      {shareable.map((team) => (
        <option key={team.id} value={team.id}>
          {t("inbox.view.sharing.team", { name: team.name })}
        </option>
      ))}
      {known && !shareable.some(({ id }) => id === known) && (
        <option value={known}>{t("inbox.view.sharing.team", { name: view.teamName ?? "" })}</option>
      )}
      <option value={EVERYBODYS}>{t("inbox.view.sharing.all")}</option>
    </SelectField>
  );
}

interface ColumnsProps {
  columns: readonly InboxColumn[];
  onChange: (columns: readonly InboxColumn[]) => void;
}

/** What the list shows where it has room for columns, from left to right. */
function Columns({ columns, onChange }: ColumnsProps) {
  const t = useT();
  const left = EVERY_COLUMN.filter((one) => !columns.includes(one));
  return (
    <fieldset className={styles.columns}>
      <legend>{t("inbox.columns")}</legend>
      <p className={styles.help}>{t("inbox.columns.help")}</p>
      <Sortable
        label={t("inbox.columns")}
        items={columns.map((one) => ({ key: one, name: t(columnLabel(one)) }))}
        onSort={(sorted) => onChange(EVERY_COLUMN.filter(isIn(sorted)).sort(by(sorted)))}
        onRemove={(gone) => onChange(columns.filter((one) => one !== gone))}
      />
      {left.length > 0 && (
        <SelectField
          label={t("inbox.columns.add")}
          value=""
          onChange={(event) => {
            const added = left.find((one) => one === event.target.value);
            if (added) {
              onChange([...columns, added]);
            }
          }}
        >
          <option value="">{t("inbox.columns.choose")}</option>
          {left.map((one) => (
            <option key={one} value={one}>
              {t(columnLabel(one))}
            </option>
          ))}
        </SelectField>
      )}
    </fieldset>
  );
}

const isIn = (sorted: readonly string[]) => (one: string) => sorted.includes(one);
const by = (sorted: readonly string[]) => (one: string, other: string) =>
  sorted.indexOf(one) - sorted.indexOf(other);

interface ArrangeProps {
  views: readonly ViewPartsFragment[];
  onClose: () => void;
}

/** Puts the saved views in order, those that this person may change; everybody who shares one sees it there. */
export function ArrangeDialog({ views, onClose }: ArrangeProps) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const mine = views.filter(({ isMineToChange }) => isMineToChange);
  const sort = useMutation({
    mutationFn: async (ids: string[]) =>
      accepted((await execute(InboxViewsSortDocument, { ids })).inboxViewsSort).views,
    onMutate: (ids) => {
      const before = client.getQueryData<readonly ViewPartsFragment[]>(keys.views);
      client.setQueryData<readonly ViewPartsFragment[]>(keys.views, (held) => held && inOrder(held, ids));
      return before;
    },
    onError: (_error, _ids, before) => client.setQueryData(keys.views, before),
    onSuccess: (sorted) => sorted && client.setQueryData(keys.views, sorted),
  });
  const hint = ({ isShared, teamName }: ViewPartsFragment) =>
    isShared ? (teamName ?? t("inbox.view.sharing.all")) : t("inbox.view.sharing.me");
  return (
    <Dialog
      title={t("inbox.view.arrange")}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      }
    >
      <p className={styles.help}>{t("inbox.view.arrange.help")}</p>
      {sort.error && <Problem>{explain(sort.error)}</Problem>}
      <Sortable
        label={t("inbox.saved")}
        items={mine.map((view) => ({ key: view.id, name: view.name, hint: hint(view) }))}
        onSort={(ids) => sort.mutate(ids)}
      />
    </Dialog>
  );
}

/** The views with those of `ids` in that order, each in a place where one of them stood. */
function inOrder(views: readonly ViewPartsFragment[], ids: readonly string[]): ViewPartsFragment[] {
  const known = new Map(views.map((view) => [view.id, view]));
  const next = ids.flatMap((id) => known.get(id) ?? []);
  return views.map((view) => (ids.includes(view.id) ? (next.shift() ?? view) : view));
}
