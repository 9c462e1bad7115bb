import { type QueryFilters, useMutation, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { type ReactNode, useState } from "react";
import { notify } from "@/lib/bridge";
import { type MessageId, useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { problemAt } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { Button } from "./button";
import { Empty } from "./card";
import { ErrorNotice, Problem, Skeleton } from "./feedback";
import styles from "./one-of.module.css";
import { Page } from "./page";
import { ExitGuard } from "./settings";

interface OnePageProps<Data> {
  /** What the address calls it; `new` for one that is to be made. */
  id: string;
  /** Undefined when the list has none of this id. */
  name: string | undefined;
  list: { href: string; label: string };
  add: string;
  gone: string;
  query: { data: Data | undefined; error: unknown; refetch: () => unknown };
  children: (data: Data) => ReactNode;
}

/** The page of one of a list that is read as a whole, or of a new one. */
export function OnePage<Data>({ id, name, list, add, gone, query, children }: OnePageProps<Data>) {
  const { data, error, refetch } = query;
  const isNew = id === "new";
  return (
    <Page title={isNew ? add : (name ?? list.label)} back={list}>
      {data !== undefined ? (
        isNew || name !== undefined ? (
          children(data)
        ) : (
          <Empty>{gone}</Empty>
        )
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={7} height={44} />
      )}
    </Page>
  );
}

interface OneOptions {
  /** The address of the list, where one is taken when it is saved or deleted. */
  list: string;
  saved: MessageId;
  /** What the cache knows of the list. */
  stale: QueryFilters;
  save: () => Promise<unknown>;
  /** Left out for what is not there yet. */
  remove: (() => Promise<unknown>) | undefined;
}

interface OneState {
  dirty: boolean;
  /** Something was changed. */
  touch: () => void;
  save: () => void;
  remove: (() => void) | undefined;
  busy: "save" | "remove" | undefined;
  error: Error | null;
  errorAt: (place: string) => string | undefined;
}

/** Saves or deletes one of a list, and goes back to the list. */
export function useOne({ list, saved, stale, save, remove }: OneOptions): OneState {
  const t = useT();
  const client = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const leave = async () => {
    setDirty(false);
    await client.invalidateQueries(stale);
    // The guard of unsaved changes goes with the next paint.
    window.setTimeout(() => navigate(list), 0);
  };
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      notify("success", t(saved));
      await leave();
    },
  });
  const removing = useMutation({ mutationFn: async () => remove?.(), onSuccess: leave });
  return {
    dirty,
    touch: () => setDirty(true),
    save: () => saving.mutate(),
    remove: remove && (() => removing.mutate()),
    busy: saving.isPending ? "save" : removing.isPending ? "remove" : undefined,
    error: saving.error ?? removing.error,
    errorAt: (place) => problemAt(saving.error, place),
  };
}

interface OneFormProps {
  one: OneState;
  removeLabel: string;
  mayChange?: boolean;
  /** Its fields are blocks, which want to stand apart. */
  roomy?: boolean;
  children: ReactNode;
}

/** The form of one of a list: its fields, what went wrong, and the buttons. */
export function OneForm({ one, removeLabel, mayChange = true, roomy = false, children }: OneFormProps) {
  const t = useT();
  const explain = useExplain();
  return (
    <form
      className={clsx(styles.form, roomy && styles.roomy)}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        one.save();
      }}
    >
      <ExitGuard dirty={one.dirty} />
      <fieldset className={styles.fields} disabled={!mayChange}>
        {children}
      </fieldset>
      {one.error && <Problem>{explain(one.error)}</Problem>}
      {mayChange && (
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={one.busy === "save"}>
            {t("settings.save")}
          </Button>
          {one.remove && (
            <Button busy={one.busy === "remove"} onClick={one.remove}>
              {removeLabel}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
