import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { TextField } from "@/components/field";
import { OneForm, OnePage, useOne } from "@/components/one-of";
import { Page } from "@/components/page";
import { RepliesMacroDeleteDocument, RepliesMacroSaveDocument, RepliesMacrosDocument } from "@/gql/replies";
import type { MacroFullFragment, RepliesMacrosQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
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
  const query = useMacroBook();
  const macro = query.data?.macros.find((one) => one.id === id);
  return (
    <OnePage
      id={id}
      name={macro?.name}
      list={{ href: "/settings/macros", label: t("macros.title") }}
      add={t("macros.add")}
      gone={t("macros.gone")}
      query={query}
    >
      {(names) => (
        <MacroForm key={macro ? `${macro.id}:${macro.version}` : "new"} macro={macro} names={names} />
      )}
    </OnePage>
  );
}

function MacroForm({ macro, names }: { macro: MacroFullFragment | undefined; names: RepliesMacrosQuery }) {
  const t = useT();
  const [name, setName] = useState(macro?.name ?? "");
  const [steps, setSteps] = useState<readonly StepValues[]>(macro ? macro.steps.map(toValues) : [newStep()]);
  const one = useOne({
    list: "/settings/macros",
    saved: "macros.saved",
    stale: { queryKey: keys.macros },
    save: async () => {
      const input = {
        ...(macro ? { id: macro.id, version: macro.version } : {}),
        name,
        steps: steps.map(toInput),
      };
      return accepted((await execute(RepliesMacroSaveDocument, { input })).macroSave);
    },
    remove:
      macro &&
      (async () => {
        const { id, version } = macro;
        return accepted((await execute(RepliesMacroDeleteDocument, { id, version })).macroDelete);
      }),
  });
  const { errorAt } = one;
  const change = (next: readonly StepValues[]) => {
    setSteps(next);
    one.touch();
  };
  const moved = (at: number, by: 1 | -1): readonly StepValues[] => {
    const next = [...steps];
    const [step] = next.splice(at, 1);
    if (step) {
      next.splice(at + by, 0, step);
    }
    return next;
  };
  return (
    <OneForm one={one} removeLabel={t("macros.delete")}>
      <TextField
        label={t("macros.name")}
        maxLength={100}
        error={errorAt("name")}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          one.touch();
        }}
      />
      <ol className={styles.steps} aria-label={t("macros.steps")}>
        {steps.map((step, at) => (
          <li key={step.key}>
            <MacroStepFields
              step={step}
              names={names}
              error={errorAt(`steps.${at}`)}
              onChange={(next) => change(steps.map((old) => (old.key === next.key ? next : old)))}
              onRemove={() => change(steps.filter(({ key }) => key !== step.key))}
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
    </OneForm>
  );
}
