import { useEffect, useRef, useSyncExternalStore } from "react";

/** A key as `KeyboardEvent.key` names it, e.g. "j", "Enter", "#". */
export type ShortcutMap = Record<string, (() => void) | undefined>;

let enabled = true;
const listeners = new Set<() => void>();

/** Single keys can be switched off (WCAG 2.1.4); Escape and Ctrl+Enter stay. */
export function setShortcutsEnabled(value: boolean): void {
  enabled = value;
  for (const listener of listeners) {
    listener();
  }
}

export function useShortcutsEnabled(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => enabled,
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const activatesByItself = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("a, button, summary, [role=menuitem]") !== null;

/**
 * Runs the action of a pressed key, wherever the focus is except in a field.
 *
 * Keys pressed while a word is being composed (Japanese input) are the input method's, keys with
 * Ctrl, Alt or Meta the browser's, and keys in an open dialog or menu the dialog's. Enter on a
 * link or button is theirs as well.
 */
export function useShortcuts(map: ShortcutMap): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (document.querySelector("dialog[open], [role=menu]") !== null) {
        return;
      }
      if (isTyping(event.target) || (event.key === "Enter" && activatesByItself(event.target))) {
        return;
      }
      if (!enabled && event.key !== "Escape") {
        return;
      }
      const action = latest.current[event.key];
      if (action) {
        event.preventDefault();
        action();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
