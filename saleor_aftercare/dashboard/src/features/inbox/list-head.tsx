import { ChevronDown, Search, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Menu } from "@/components/menu";
import type { CountPartsFragment, TicketView } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import styles from "./list-head.module.css";
import { VIEWS } from "./place";
import { countOf, RECORDS, viewLabel } from "./views";

const TYPING_MS = 250;

interface ListHeadProps {
  view: TicketView;
  search: string;
  counts: readonly CountPartsFragment[];
  field: RefObject<HTMLInputElement>;
  onView: (view: TicketView) => void;
  onSearch: (search: string) => void;
}

/** The search field and, where the column of views has no room, the menu of views. */
export function ListHead({ view, search, counts, field, onView, onSearch }: ListHeadProps) {
  const t = useT();
  const [text, setText] = useState(search);
  const timer = useRef<number>();
  const composing = useRef(false);

  useEffect(() => {
    window.clearTimeout(timer.current);
    setText(search);
  }, [search]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const change = (value: string) => {
    setText(value);
    window.clearTimeout(timer.current);
    if (!composing.current) {
      timer.current = window.setTimeout(() => onSearch(value.trim()), TYPING_MS);
    }
  };

  return (
    <div className={styles.head}>
      <Menu
        label={t("inbox.views")}
        className={styles.views}
        items={[
          ...VIEWS.map((one) => ({
            key: one,
            label: t(viewLabel(one)),
            hint: countOf(counts, one),
            checked: one === view,
            onSelect: () => onView(one),
          })),
          ...RECORDS.map(({ href, label }) => ({
            key: href,
            label: t(label),
            onSelect: () => navigate(href),
          })),
        ]}
      >
        <span>{t(viewLabel(view))}</span>
        <ChevronDown size={14} aria-hidden />
      </Menu>
      <div role="search" className={styles.search}>
        <Search size={16} aria-hidden />
        <input
          ref={field}
          type="text"
          value={text}
          placeholder={t("inbox.search")}
          aria-label={t("inbox.search")}
          onChange={(event) => change(event.target.value)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={(event) => {
            composing.current = false;
            change(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape" && !event.nativeEvent.isComposing) {
              event.stopPropagation();
              if (text === "") {
                event.currentTarget.blur();
              } else {
                setText("");
                onSearch("");
              }
            }
          }}
        />
        {text !== "" && (
          <button
            type="button"
            aria-label={t("inbox.search.clear")}
            className={styles.clear}
            onClick={() => onSearch("")}
          >
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
    </div>
  );
}
