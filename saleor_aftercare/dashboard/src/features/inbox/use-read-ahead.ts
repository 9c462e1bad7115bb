import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect } from "react";
import { prefetchTicket } from "./data";

/** After the picture of the one that was just opened. */
const SOON_MS = 30;
const REST_MS = 150;
/** Somebody who steps quickly is further on before a single one would have come. */
const AHEAD = [1, 2];

/**
 * Reads what the next steps open while the chosen ticket is being looked at: two on the way that is gone, and the
 * one behind for whoever rests and turns back.
 */
export function useReadAhead(
  tickets: readonly { number: number }[],
  selected: number | undefined,
  way: RefObject<1 | -1>,
): void {
  const client = useQueryClient();
  useEffect(() => {
    const at = tickets.findIndex((one) => one.number === selected);
    if (at < 0) {
      return;
    }
    const read = (steps: readonly number[]) => {
      for (const by of steps) {
        const ticket = tickets[at + by * (way.current ?? 1)];
        if (ticket) {
          prefetchTicket(client, ticket.number);
        }
      }
    };
    const soon = window.setTimeout(() => read(AHEAD), SOON_MS);
    const rested = window.setTimeout(() => read([-1]), REST_MS);
    return () => {
      window.clearTimeout(soon);
      window.clearTimeout(rested);
    };
  }, [client, selected, tickets, way]);
}
