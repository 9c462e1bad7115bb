import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { Pill, type Tone } from "@/components/pill";
import type { TagPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useTagSuggestions } from "./choices";
import styles from "./properties.module.css";

const TONES = new Set<string>(["error", "attention", "warning", "success", "info"]);

export const toneOf = (color: string): Tone => (TONES.has(color) ? (color as Tone) : "neutral");

/** What makes two names of tags one, as the service sees it. */
const keyOf = (name: string): string => name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

interface TagsFieldProps {
  tags: readonly TagPartsFragment[];
  onAdd: (name: string) => void;
  onRemove: (tag: TagPartsFragment) => void;
}

/** The tags of a conversation: typed with suggestions, made on the fly, taken off by a button each. */
export function TagsField({ tags, onAdd, onRemove }: TagsFieldProps) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const worn = new Set(tags.map((tag) => keyOf(tag.name)));
  const found = useTagSuggestions(text.trim(), open).filter((tag) => !worn.has(keyOf(tag.name)));
  const typed = keyOf(text);
  const isNew = typed !== "" && !worn.has(typed) && found.every((tag) => keyOf(tag.name) !== typed);
  const options = [
    ...found.map((tag) => ({ key: tag.id, name: tag.name, label: tag.name, isNew: false })),
    ...(isNew
      ? [{ key: "new", name: text.trim(), label: t("tags.create", { name: text.trim() }), isNew }]
      : []),
  ];
  const current = options[Math.min(at, options.length - 1)];

  const choose = (name: string) => {
    onAdd(name);
    setText("");
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setAt(options.length === 0 ? 0 : (at + by + options.length) % options.length);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      choose(current.name);
    } else if (event.key === "Escape" && (open || text !== "")) {
      event.stopPropagation();
      setOpen(false);
      setText("");
    } else if (event.key === "Backspace" && text === "") {
      const last = tags[tags.length - 1];
      if (last) {
        onRemove(last);
      }
    }
  };

  return (
    <div className={styles.tags}>
      {tags.map((tag) => (
        <Pill key={tag.id} tone={toneOf(tag.color)}>
          {tag.name}
          <button
            type="button"
            className={styles.off}
            aria-label={t("tags.remove", { name: tag.name })}
            onClick={() => onRemove(tag)}
          >
            <X size={10} aria-hidden />
          </button>
        </Pill>
      ))}
      <div className={styles.adder}>
        <Plus size={12} aria-hidden />
        <input
          data-field="tags"
          className={styles.tagInput}
          role="combobox"
          aria-label={t("tags.add")}
          aria-expanded={open && options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && current ? `${id}-${current.key}` : undefined}
          autoComplete="off"
          maxLength={60}
          placeholder={t("tags.add")}
          value={text}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        {open && options.length > 0 && (
          // The focus stays in the field, which says which option is meant.
          <div id={`${id}-list`} role="listbox" aria-label={t("tags.title")} className={styles.options}>
            {options.map((option) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              <div
                key={option.key}
                id={`${id}-${option.key}`}
                role="option"
                aria-selected={option === current}
                className={styles.option}
                // Before the field loses the focus, which would take the list away.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(option.name)}
              >
                {option.label}
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
