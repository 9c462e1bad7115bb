import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import type { SearchHelpQuery } from "@/gql/types";
import { SearchHelpDocument } from "@/gql/views";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import styles from "./search-field.module.css";

const TYPING_MS = 250;
const HELP_MS = 120;

type Offer = SearchHelpQuery["searchHelp"]["offers"][number];

interface SearchFieldProps {
  search: string;
  field: RefObject<HTMLInputElement>;
  onSearch: (search: string) => void;
}

/** The search field: words, phrases and operators, with what may come next offered below it. */
export function SearchField({ search, field, onSearch }: SearchFieldProps) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState(search);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const timer = useRef<number>();
  const composing = useRef(false);
  const asked = useLater({ text, caret }, HELP_MS);
  const help = useQuery<SearchHelpQuery["searchHelp"]>({
    queryKey: keys.searchHelp(asked.text, asked.caret),
    enabled: open || asked.text !== "",
    staleTime: 60_000,
    placeholderData: (before) => before,
    queryFn: async ({ signal }) => (await execute(SearchHelpDocument, asked, signal)).searchHelp,
  }).data;
  // What was offered for another text would be put in the wrong place.
  const isFresh = asked.text === text && asked.caret === caret;
  const offers = open && isFresh ? (help?.offers ?? []) : [];
  const problem = text === asked.text && search.trim() === text.trim() ? help?.problems[0] : undefined;

  useEffect(() => {
    window.clearTimeout(timer.current);
    // The words that one is typing come back as the place's own; they are no news.
    setText((shown) => (shown.trim() === search.trim() ? shown : search));
  }, [search]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const change = (value: string, at: number) => {
    setText(value);
    setCaret(at);
    setOpen(true);
    setActive(-1);
    window.clearTimeout(timer.current);
    if (!composing.current) {
      timer.current = window.setTimeout(() => onSearch(value.trimStart()), TYPING_MS);
    }
  };
  const take = (offer: Offer) => {
    const ends = offer.value !== null;
    const insert = ends ? `${offer.insert} ` : offer.insert;
    const next = text.slice(0, offer.start) + insert + text.slice(offer.end).trimStart();
    const at = offer.start + insert.length;
    change(next, at);
    window.setTimeout(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
    });
  };
  const clear = () => {
    setText("");
    setCaret(0);
    setOpen(false);
    onSearch("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    const chosen = offers[active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (offers.length > 0) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        setActive((at) => (at + step + offers.length + (at < 0 && step < 0 ? 1 : 0)) % offers.length);
      } else {
        setOpen(true);
      }
    } else if (event.key === "Enter" || (event.key === "Tab" && chosen)) {
      event.preventDefault();
      if (chosen) {
        take(chosen);
      } else {
        window.clearTimeout(timer.current);
        setOpen(false);
        onSearch(text.trimStart());
      }
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (offers.length > 0) {
        setOpen(false);
      } else if (text === "") {
        event.currentTarget.blur();
      } else {
        clear();
      }
    }
  };

  return (
    <div className={styles.box}>
      <div role="search" className={styles.search}>
        <Search size={16} aria-hidden />
        <input
          ref={field}
          type="text"
          role="combobox"
          autoComplete="off"
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-offers`}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          aria-invalid={problem !== undefined}
          value={text}
          placeholder={t("inbox.search")}
          aria-label={t("inbox.search")}
          onChange={(event) =>
            change(event.target.value, event.target.selectionStart ?? event.target.value.length)
          }
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={(event) => {
            composing.current = false;
            change(event.currentTarget.value, event.currentTarget.selectionStart ?? 0);
          }}
          onKeyDown={onKeyDown}
        />
        {text !== "" && (
          <button type="button" aria-label={t("inbox.search.clear")} className={styles.clear} onClick={clear}>
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
      {offers.length > 0 && (
        <div
          role="listbox"
          id={`${id}-offers`}
          aria-label={t("inbox.search.offers")}
          className={styles.offers}
        >
          {offers.map((offer, at) => (
            // The field keeps the focus and the keys.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={offer.insert}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === active}
              className={clsx(styles.offer, at === active && styles.active)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
            >
              <span className={styles.insert}>{offer.insert}</span>
              {offer.alias !== null && offer.alias !== offer.insert.slice(0, -1) && (
                <span className={styles.alias}>{offer.alias}</span>
              )}
              <span className={styles.hint}>{offer.hint}</span>
            </div>
          ))}
        </div>
      )}
      {offers.length === 0 && problem && (
        <p id={`${id}-problem`} role="status" className={styles.problem}>
          <q>{text.slice(problem.start, problem.end)}</q> {problem.message}
        </p>
      )}
    </div>
  );
}

/** The value, as soon as it has rested for a moment. */
function useLater<Value extends { text: string; caret: number }>(value: Value, ms: number): Value {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const waiting = window.setTimeout(() => setLater({ text: value.text, caret: value.caret } as Value), ms);
    return () => window.clearTimeout(waiting);
  }, [value.text, value.caret, ms]);
  return later;
}
