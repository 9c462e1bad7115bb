import { useEffect, useRef } from "react";
import type { MessageId } from "./intl";
import { useShortcuts } from "./shortcuts";

/** Where a command stands in the cheat sheet and the palette. */
export type CommandGroup = "list" | "ticket" | "writing" | "go" | "help";

/** Something that can be done from where we are, by a key or by its name. */
export interface Command {
  id: string;
  group: CommandGroup;
  label: MessageId;
  /** What the label's placeholders stand for. */
  values?: Record<string, string | number>;
  /** As `useShortcuts` takes them; a second spelling for the same may follow. */
  keys?: readonly string[];
  /** Undefined while it cannot be done: its key is dead then, and the palette leaves it out. */
  run: (() => void) | undefined;
}

const sources = new Set<{ current: readonly Command[] }>();

/** What can be done now, the newest screen's commands first. */
export function availableCommands(): readonly Command[] {
  return [...sources].reverse().flatMap((source) => source.current.filter(({ run }) => run !== undefined));
}

/** All commands of the screens that are there, whether they can be done now or not. */
export function knownCommands(): readonly Command[] {
  return [...sources].flatMap((source) => source.current);
}

/** Offers commands for as long as the component is there: by their keys, in the palette and in the cheat sheet. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    sources.add(latest);
    return () => {
      sources.delete(latest);
    };
  }, []);
  useShortcuts(
    Object.fromEntries(commands.flatMap(({ keys, run }) => (keys ?? []).map((one) => [one, run] as const))),
  );
}
