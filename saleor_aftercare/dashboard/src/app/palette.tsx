import clsx from "clsx";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Keys } from "@/components/keys";
import { useOpen } from "@/lib/access";
import { availableCommands, type Command } from "@/lib/commands";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import styles from "./palette.module.css";

interface Entry {
  id: string;
  label: string;
  group: string;
  keys: string | undefined;
  run: () => void;
}

const folded = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Everything that can be done from here, by its name; a number opens that conversation, words search for it. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useT();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const inbox = useOpen()("/inbox");
  // What can be done is settled when the palette opens: it stands over everything that could change it.
  const [commands] = useState(() =>
    unique(availableCommands()).map((command) => ({
      id: command.id,
      label: t(command.label, command.values),
      group: t(`commands.group.${command.group}`),
      keys: command.keys?.[0],
      run: command.run ?? onClose,
    })),
  );
  const entries = useMemo(() => {
    const words = folded(query).split(/\s+/).filter(Boolean);
    const found: Entry[] = commands.filter(({ label, group }) =>
      words.every((word) => folded(`${label} ${group}`).includes(word)),
    );
    return inbox ? [...found, ...lookups(query.trim(), t)] : found;
  }, [commands, inbox, query, t]);
  const chosen = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);

  useEffect(() => {
    document.getElementById(`${listId}-${chosen?.id}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, listId]);

  const run = (entry: Entry) => {
    onClose();
    // After the dialog has given the focus back, so that a command may take it.
    window.setTimeout(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter and the arrows belong to the input method while a word is being composed.
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setAt((Math.min(at, entries.length - 1) + by + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      run(chosen);
    } else if (event.key === "Escape") {
      event.stopPropagation();
    }
  };

  return (
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label={t("commands.title")}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={onKeyDown}
    >
      <input
        type="text"
        role="combobox"
        className={styles.field}
        aria-label={t("commands.title")}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t("commands.placeholder")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      {entries.length === 0 && <p className={styles.nothing}>{t("commands.nothing")}</p>}
      <div role="listbox" id={listId} className={styles.options} aria-label={t("commands.title")}>
        {entries.map((entry) => (
          // The field keeps the focus and handles the keys for all of them.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={entry.id}
            id={`${listId}-${entry.id}`}
            role="option"
            aria-selected={entry === chosen}
            className={clsx(styles.option, entry === chosen && styles.active)}
            onClick={() => run(entry)}
          >
            <span className={styles.label}>{entry.label}</span>
            {entry.keys === undefined ? (
              <span className={styles.group}>{entry.group}</span>
            ) : (
              <Keys keys={entry.keys} />
            )}
          </div>
        ))}
      </div>
    </dialog>
  );
}

/** Of two commands with one id, the newer screen's. */
function unique(commands: readonly Command[]): readonly Command[] {
  return [...new Map([...commands].reverse().map((command) => [command.id, command])).values()].reverse();
}

/** Where the words themselves may lead. */
function lookups(query: string, t: ReturnType<typeof useT>): Entry[] {
  if (query === "") {
    return [];
  }
  const group = t("commands.group.go");
  const number = /^#?(\d{1,15})$/.exec(folded(query))?.[1];
  return [
    ...(number === undefined
      ? []
      : [
          {
            id: "open-number",
            label: t("commands.openNumber", { number }),
            group,
            keys: undefined,
            run: () => navigate(`/inbox/tickets/${number}?view=all`),
          },
        ]),
    {
      id: "search-words",
      label: t("commands.search", { words: query }),
      group,
      keys: undefined,
      run: () => navigate(`/inbox?view=all&q=${encodeURIComponent(query)}`),
    },
  ];
}
