import { useSyncExternalStore } from "react";

/** What is chosen in the list: some conversations by their ids, or the whole list but some. */
export interface Selection {
  /** With `whole`, the ones that are left out. */
  ids: ReadonlySet<string>;
  whole: boolean;
  /** The row that a range begins at. */
  anchor: string | undefined;
}

const NOTHING: Selection = { ids: new Set(), whole: false, anchor: undefined };

let selection = NOTHING;
const listeners = new Set<() => void>();

function set(next: Selection): void {
  selection = next;
  for (const listener of listeners) {
    listener();
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const currentSelection = (): Selection => selection;

/** What is chosen now; every row and the bar above the list follow it. */
export const useSelection = (): Selection => useSyncExternalStore(subscribe, currentSelection);

export const isChosen = ({ ids, whole }: Selection, id: string): boolean => ids.has(id) !== whole;

/** Whether one row is chosen; the row is drawn anew only when that changes. */
export const useChosen = (id: string): boolean =>
  useSyncExternalStore(subscribe, () => isChosen(selection, id));

export const isEmpty = ({ ids, whole }: Selection): boolean => !whole && ids.size === 0;

export function clearSelection(): void {
  set(NOTHING);
}

export function toggle(id: string): void {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) {
    ids.add(id);
  }
  set({ ...selection, ids, anchor: id });
}

/** Chooses everything from the row chosen last to this one. */
export function chooseRange(rows: readonly string[], id: string): void {
  const from = rows.indexOf(selection.anchor ?? id);
  const to = rows.indexOf(id);
  if (from < 0 || to < 0) {
    toggle(id);
    return;
  }
  const ids = new Set(selection.ids);
  for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (selection.whole) {
      ids.delete(one);
    } else {
      ids.add(one);
    }
  }
  set({ ...selection, ids, anchor: id });
}

export function chooseWhole(): void {
  set({ ids: new Set(), whole: true, anchor: undefined });
}
