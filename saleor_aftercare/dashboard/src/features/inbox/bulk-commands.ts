import type { TicketRowFragment } from "@/gql/types";
import { useCommands } from "@/lib/commands";
import { chooseRange, clearSelection, isEmpty, toggle, useSelection } from "./bulk-selection";

/** Choosing rows by keys: the one that the list stands on, a range up to it, all that are loaded, none. */
export function useBulkCommands(tickets: readonly TicketRowFragment[], selected: number | undefined): void {
  const selection = useSelection();
  const current = tickets.find((ticket) => ticket.number === selected)?.id;
  const rows = tickets.map((ticket) => ticket.id);
  useCommands([
    {
      id: "choose",
      group: "list",
      label: "keys.choose",
      keys: ["x"],
      run: current === undefined ? undefined : () => toggle(current),
    },
    {
      id: "choose-range",
      group: "list",
      label: "keys.chooseRange",
      keys: ["X"],
      run: current === undefined ? undefined : () => chooseRange(rows, current),
    },
    {
      id: "choose-all",
      group: "list",
      label: "keys.chooseAll",
      run:
        rows[0] === undefined
          ? undefined
          : () => {
              clearSelection();
              toggle(rows[0] ?? "");
              chooseRange(rows, rows[rows.length - 1] ?? "");
            },
    },
    {
      id: "choose-none",
      group: "list",
      label: "keys.chooseNone",
      run: isEmpty(selection) ? undefined : clearSelection,
    },
  ]);
}
