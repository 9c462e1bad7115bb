import { useEffect, useRef } from "react";

/**
 * Actions by their keys: one as `KeyboardEvent.key` names it ("j", "Enter", "#", "X" with Shift), two pressed one
 * after the other ("g i"), or one with Ctrl or ⌘ ("Mod+k").
 */
export type ShortcutMap = Record<string, (() => void) | undefined>;

/** So long the second key of a sequence may take. */
const SEQUENCE_MS = 1_200;

let enabled = true;

/** Single keys can be switched off (WCAG 2.1.4); Escape and keys with Ctrl or ⌘ stay. */
export function setShortcutsEnabled(value: boolean): void {
  enabled = value;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const activatesByItself = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("a, button, summary, [role=menuitem]") !== null;

/** The maps of the screens that are there, the newest last: of two actions for a key it is the newer one's. */
const maps = new Set<{ current: ShortcutMap }>();
let first: string | undefined;
let forgetFirst = 0;

function actionFor(keys: string): (() => void) | undefined {
  return [...maps].reverse().find((map) => map.current[keys] !== undefined)?.current[keys];
}

const beginsSequence = (key: string): boolean =>
  [...maps].some((map) =>
    Object.entries(map.current).some(([keys, action]) => action !== undefined && keys.startsWith(`${key} `)),
  );

function take(key: string): (() => void) | undefined {
  const before = first;
  window.clearTimeout(forgetFirst);
  first = undefined;
  const action = (before === undefined ? undefined : actionFor(`${before} ${key}`)) ?? actionFor(key);
  if (action === undefined && beginsSequence(key)) {
    first = key;
    forgetFirst = window.setTimeout(() => {
      first = undefined;
    }, SEQUENCE_MS);
  }
  return action;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) {
    return;
  }
  if (document.querySelector("dialog[open], [role=menu]") !== null) {
    return;
  }
  const withModifier = event.ctrlKey || event.metaKey;
  if (
    !withModifier &&
    (isTyping(event.target) || (event.key === "Enter" && activatesByItself(event.target)))
  ) {
    return;
  }
  if (!enabled && !withModifier && event.key !== "Escape") {
    return;
  }
  const action = withModifier ? actionFor(`Mod+${event.key.toLowerCase()}`) : take(event.key);
  if (action) {
    event.preventDefault();
    action();
  }
}

/**
 * Runs the action of a pressed key, wherever the focus is except in a field.
 *
 * Keys pressed while a word is being composed (Japanese input) are the input method's, keys with
 * Alt the browser's, and keys in an open dialog or menu the dialog's. Enter on a link or button is
 * theirs as well. Keys with Ctrl or ⌘ work in fields too.
 */
export function useShortcuts(map: ShortcutMap): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (maps.size === 0) {
      document.addEventListener("keydown", onKeyDown);
    }
    maps.add(latest);
    return () => {
      maps.delete(latest);
      if (maps.size === 0) {
        document.removeEventListener("keydown", onKeyDown);
      }
    };
  }, []);
}
