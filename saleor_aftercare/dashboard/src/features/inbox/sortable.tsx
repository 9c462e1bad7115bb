import clsx from "clsx";
import { ArrowDown, ArrowUp, GripVertical, X } from "lucide-react";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/button";
import { useT } from "@/lib/intl";
import styles from "./sortable.module.css";

export interface SortableItem {
  key: string;
  name: string;
  hint?: ReactNode;
}

interface SortableProps {
  label: string;
  items: readonly SortableItem[];
  onSort: (keys: string[]) => void;
  onRemove?: (key: string) => void;
}

/** A list that is put in order: by buttons, which also serve keys and fingers, or by dragging. */
export function Sortable({ label, items, onSort, onRemove }: SortableProps) {
  const t = useT();
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  const [moved, setMoved] = useState<{ key: string; way: "up" | "down" }>();

  // The row may have been put elsewhere in the page, which loses the focus; at an edge its other button takes it.
  useEffect(() => {
    if (moved) {
      const row = list.current?.querySelector(`[data-key="${CSS.escape(moved.key)}"]`);
      const button = row?.querySelector<HTMLButtonElement>(`[data-way=${moved.way}]:enabled`);
      (button ?? row?.querySelector<HTMLButtonElement>("[data-way]:enabled"))?.focus();
    }
  }, [moved]);

  const put = (key: string, to: number) => {
    const keys = items.map((item) => item.key).filter((one) => one !== key);
    keys.splice(to, 0, key);
    onSort(keys);
  };
  const step = (key: string, at: number, way: "up" | "down") => {
    put(key, way === "up" ? at - 1 : at + 1);
    setMoved({ key, way });
  };
  const drop = (event: DragEvent, to: number) => {
    event.preventDefault();
    if (dragged !== undefined) {
      put(dragged, to);
    }
    setDragged(undefined);
    setOver(undefined);
  };
  const place = moved ? items.findIndex(({ key }) => key === moved.key) : -1;

  return (
    <>
      <ul ref={list} className={styles.list} aria-label={label}>
        {items.map(({ key, name, hint }, at) => (
          <li
            key={key}
            data-key={key}
            draggable
            className={clsx(styles.item, key === dragged && styles.dragged, key === over && styles.over)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", name);
              setDragged(key);
            }}
            onDragOver={(event) => {
              if (dragged !== undefined) {
                event.preventDefault();
                setOver(key);
              }
            }}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
            onDrop={(event) => drop(event, at)}
          >
            <GripVertical size={14} aria-hidden className={styles.grip} />
            <span className={styles.name}>{name}</span>
            {hint !== undefined && <span className={styles.hint}>{hint}</span>}
            <span className={styles.buttons}>
              <IconButton
                data-way="up"
                label={t("sort.up", { name })}
                icon={<ArrowUp size={14} aria-hidden />}
                disabled={at === 0}
                onClick={() => step(key, at, "up")}
              />
              <IconButton
                data-way="down"
                label={t("sort.down", { name })}
                icon={<ArrowDown size={14} aria-hidden />}
                disabled={at === items.length - 1}
                onClick={() => step(key, at, "down")}
              />
              {onRemove && (
                <IconButton
                  label={t("sort.remove", { name })}
                  icon={<X size={14} aria-hidden />}
                  onClick={() => onRemove(key)}
                />
              )}
            </span>
          </li>
        ))}
      </ul>
      <p role="status" className="visually-hidden">
        {place >= 0 && t("sort.place", { name: items[place]?.name ?? "", at: place + 1, of: items.length })}
      </p>
    </>
  );
}
