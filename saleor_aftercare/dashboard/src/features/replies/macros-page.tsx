import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { TextField } from "@/components/field";
import { Page } from "@/components/page";
import { ExitGuard } from "@/components/settings";
import { RepliesMacroDeleteDocument, RepliesMacroSaveDocument, RepliesMacrosDocument } from "@/gql/replies";
import type { MacroFullFragment, RepliesMacrosQuery } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { MacroStepFields, newStep, type StepValues, toInput, toValues } from "./macro-step";
import styles from "./replies.module.css";
import { Variables } from "./variables";

const useMacroBook = () =>
  useQuery({
    queryKey: [...keys.macros, "book"],
    queryFn: ({ signal }) => execute(RepliesMacrosDocument, {}, signal),
  });

/** Steps that are done together, by name. */
export function MacrosPage() {
  const t = useT();
  const { data, error, refetch } = useMacroBook();
  return (
    <Page
      title={t("macros.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("macros.subtitle")}</span>}
      actions={
        <Button
          variant="primary"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => navigate("/settings/macros/new")}
        >
          {t("macros.add")}
        </Button>
      }
    >
      {error && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} height={44} />}
      {data?.macros.length === 0 && <Empty>{t("macros.none")}</Empty>}
      <ul className={styles.list}>
        {data?.macros.map((macro) => (
          <li key={macro.id}>
            <button
              type="button"
              className={styles.row}
              onClick={() => navigate(`/settings/macros/${macro.id}`)}
            >
              <span className={styles.name}>{macro.name}</span>
              <span className={styles.muted}>
                {macro.steps.map((step) => t(`macros.do.${step.do}`)).join(" · ")}
              </span>
              <span className={styles.muted}>{t("macros.used", { count: macro.used })}</span>
            </button>
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** One of them, or a new one. */
export function MacroPage({ id }: { id: string }) {
  const t = useT();
  const { data, error, refetch } = useMacroBook();
  const macro = data?.macros.find((one) => one.id === id);
  return (
    <Page
      title={id === "new" ? t("macros.add") : (macro?.name ?? t("macros.title"))}
      back={{ href: "/settings/macros", label: t("macros.title") }}
    >
      {error && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={6} height={44} />}
      {data && (id === "new" || macro) && (
        <MacroForm key={macro ? `${macro.id}:${macro.version}` : "new"} macro={macro} names={data} />
      )}
      {data && id !== "new" && !macro && <Empty>{t("macros.gone")}</Empty>}
    </Page>
  );
}

function MacroForm({ macro, names }: { macro: MacroFullFragment | undefined; names: RepliesMacrosQuery }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const [name, setName] = useState(macro?.name ?? "");
  const [steps, setSteps] = useState<readonly StepValues[]>(macro ? macro.steps.map(toValues) : [newStep()]);
  const change = (next: readonly StepValues[]) => {
    setSteps(next);
    setDirty(true);
  };
  const moved = (at: number, by: 1 | -1): readonly StepValues[] => {
    const next = [...steps];
    const [one] = next.splice(at, 1);
    if (one) {
      next.splice(at + by, 0, one);
    }
    return next;
  };
  const leave = async () => {
    setDirty(false);
    await client.invalidateQueries({ queryKey: keys.macros });
    // The guard of unsaved changes goes with the next paint.
    window.setTimeout(() => navigate("/settings/macros"), 0);
  };
  const save = useMutation({
    mutationFn: async () => {
      const input = {
        ...(macro ? { id: macro.id, version: macro.version } : {}),
        name,
        steps: steps.map(toInput),
      };
      return accepted((await execute(RepliesMacroSaveDocument, { input })).macroSave);
    },
    onSuccess: async () => {
      notify("success", t("macros.saved"));
      await leave();
    },
  });
  const remove = useMutation({
    mutationFn: async ({ id, version }: MacroFullFragment) =>
      accepted((await execute(RepliesMacroDeleteDocument, { id, version })).macroDelete),
    onSuccess: leave,
  });
  const errorAt = (place: string): string | undefined =>
    save.error instanceof Refusal
      ? save.error.problems.find(({ field }) => field === place || field?.startsWith(`${place}.`))?.message
      : undefined;
  const failed = save.error ?? remove.error;
  return (
    <>
      <ExitGuard dirty={dirty} />
      <form
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextField
          label={t("macros.name")}
          maxLength={100}
          error={errorAt("name")}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setDirty(true);
          }}
        />
        <ol className={styles.steps} aria-label={t("macros.steps")}>
          {steps.map((step, at) => (
            <li key={step.key}>
              <MacroStepFields
                step={step}
                names={names}
                error={errorAt(`steps.${at}`)}
                onChange={(next) => change(steps.map((one) => (one.key === next.key ? next : one)))}
                onRemove={() => change(steps.filter((one) => one.key !== step.key))}
                onUp={at > 0 ? () => change(moved(at, -1)) : undefined}
                onDown={at < steps.length - 1 ? () => change(moved(at, 1)) : undefined}
              />
            </li>
          ))}
        </ol>
        <div>
          <Button icon={<Plus size={14} aria-hidden />} onClick={() => change([...steps, newStep()])}>
            {t("macros.addStep")}
          </Button>
        </div>
        <Variables />
        {failed && <Problem>{explain(failed)}</Problem>}
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t("settings.save")}
          </Button>
          {macro && (
            <Button busy={remove.isPending} onClick={() => remove.mutate(macro)}>
              {t("macros.delete")}
            </Button>
          )}
        </div>
      </form>
    </>
  );
}
