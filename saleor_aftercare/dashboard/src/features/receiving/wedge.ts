import { useEffect, useRef } from "react";

/** A scanner types faster than any hand: this long between two keys ends a burst. */
const GAP_MS = 60;
const SHORTEST = 4;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/**
 * Hears a scanner that acts as a keyboard, wherever the focus is except in a field.
 *
 * A code is a burst of keys that ends with Enter or Tab. The burst is kept from what has the focus,
 * so that the scanner's Enter does not press a button. Keys that an input method composes are not a
 * scanner's; neither are keys with Ctrl, Alt or Meta.
 */
export function useWedge(onScan: (code: string) => void): void {
  const latest = useRef(onScan);
  latest.current = onScan;
  useEffect(() => {
    let text = "";
    let last = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const composing = event.isComposing || event.keyCode === 229;
      if (composing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        text = "";
        return;
      }
      if (event.timeStamp - last > GAP_MS) {
        text = "";
      }
      last = event.timeStamp;
      if ((event.key === "Enter" || event.key === "Tab") && text.length >= SHORTEST) {
        event.preventDefault();
        event.stopPropagation();
        const code = text;
        text = "";
        latest.current(code);
      } else if (event.key.length === 1) {
        text += event.key;
        // The second key of a burst is no shortcut of the page, and types into nothing.
        if (text.length > 1) {
          event.preventDefault();
          event.stopPropagation();
        }
      }
    };
    // Before React and before the focused element hear of it.
    document.addEventListener("keydown", onKeyDown, true);
    return () => document.removeEventListener("keydown", onKeyDown, true);
  }, []);
}
