import { useCallback } from "react";

/** Moves the focus from card to card of a column. */
export function useCardStepper(columnId: string): (by: 1 | -1) => void {
  return useCallback(
    (by) => {
      const cards = [...document.querySelectorAll<HTMLElement>(`#${columnId} [data-card]`)];
      const at = cards.findIndex((card) => card.contains(document.activeElement));
      const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : at + by];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    },
    [columnId],
  );
}
