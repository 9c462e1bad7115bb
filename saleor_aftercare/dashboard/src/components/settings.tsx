import clsx from "clsx";
import { type ReactNode, useEffect, useState } from "react";
import { useT } from "@/lib/intl";
import { guardNavigation } from "@/lib/location";
import { useExplain } from "@/lib/problem";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Box } from "./facts";
import { Problem, Warning } from "./feedback";
import styles from "./settings.module.css";

/** The form of a page of settings; what it holds is read-only without the permission. */
export function SettingsForm({
  onSubmit,
  mayChange,
  bar,
  below,
  children,
}: {
  onSubmit: () => void;
  mayChange: boolean;
  bar: ReactNode;
  below?: ReactNode;
  children: ReactNode;
}) {
  const t = useT();
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      <fieldset className={styles.blocks} disabled={!mayChange}>
        {children}
      </fieldset>
      {below}
      {bar}
    </form>
  );
}

interface BlockProps {
  title: string;
  help: ReactNode;
  /** The words above the fields, for what needs the whole width. */
  stacked?: boolean;
  /** The fields bring their own boxes. */
  bare?: boolean;
  children: ReactNode;
}

/** What a group of settings is for on the left, its fields on the right. */
export function Block({ title, help, stacked = false, bare = false, children }: BlockProps) {
  return (
    <section className={clsx(styles.block, stacked && styles.stacked)} aria-label={title}>
      <div>
        <h2 className={styles.title}>{title}</h2>
        <div className={styles.help}>{help}</div>
      </div>
      {bare ? <div>{children}</div> : <Box>{children}</Box>}
    </section>
  );
}

/** Two fields beside each other where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className={styles.pair}>{children}</div>;
}

interface SaveBarProps {
  dirty: boolean;
  busy: boolean;
  error: unknown;
  /** Somebody else saved meanwhile: what to do about it. */
  conflict?: { onTheirs: () => void; onMine: () => void } | undefined;
  onDiscard: () => void;
}

/** Says that something is not saved yet, and saves it; keeps both sides when two people did. */
export function SaveBar({ dirty, busy, error, conflict, onDiscard }: SaveBarProps) {
  const t = useT();
  const explain = useExplain();
  return (
    <div className={styles.bar} data-shown={dirty || conflict !== undefined}>
      {conflict ? (
        <Warning>
          <p role="alert">{t("settings.conflict")}</p>
          <div className={styles.buttons}>
            <Button onClick={conflict.onTheirs}>{t("settings.conflict.theirs")}</Button>
            <Button variant="primary" busy={busy} onClick={conflict.onMine}>
              {t("settings.conflict.mine")}
            </Button>
          </div>
        </Warning>
      ) : (
        <>
          <span className={styles.state} role="status">
            {dirty && t("settings.unsaved")}
          </span>
          {error != null && <Problem>{explain(error)}</Problem>}
          <Button disabled={!dirty} onClick={onDiscard}>
            {t("settings.discard")}
          </Button>
          <Button type="submit" variant="primary" disabled={!dirty} busy={busy}>
            {t("settings.save")}
          </Button>
        </>
      )}
    </div>
  );
}

/** Holds back steps inside the app while there are unsaved changes, and asks about them. */
export function ExitGuard({ dirty }: { dirty: boolean }) {
  const t = useT();
  const [held, hold] = useState<() => void>();
  useEffect(() => {
    if (!dirty) {
      return;
    }
    return guardNavigation((go) => {
      hold(() => go);
      return false;
    });
  }, [dirty]);
  if (!held) {
    return null;
  }
  const stay = () => hold(undefined);
  const go = () => {
    guardNavigation(() => true)();
    hold(undefined);
    held();
  };
  return (
    <Dialog
      title={t("settings.exit.title")}
      onClose={stay}
      footer={
        <>
          <Button onClick={go}>{t("settings.exit.leave")}</Button>
          <Button variant="primary" onClick={stay}>
            {t("settings.exit.stay")}
          </Button>
        </>
      }
    >
      <p>{t("settings.exit.text")}</p>
    </Dialog>
  );
}
