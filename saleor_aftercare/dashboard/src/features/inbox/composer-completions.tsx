import { type KeyboardEvent, type ReactNode, useState } from "react";
import type { CannedPartsFragment, TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useStaff } from "./data";
import { type DraftKind, draftOf, noteDraft } from "./drafts";
import { type PickerItem, usePicker } from "./writing/picker";
import { replaced, type Token, tokenAt } from "./writing/tokens";
import { fillCanned, useCanned } from "./writing/use-canned";

interface Completions {
  fieldProps: Record<string, string | boolean | undefined>;
  onKeyDown: (event: KeyboardEvent) => boolean;
  onCaret: (caret: number) => void;
  openCanned: () => void;
  list: ReactNode;
  /** Why ready-made words could not be had. */
  problem: string | undefined;
}

/** What is offered while somebody writes: ready-made words after "/", colleagues after "@" in a note. */
export function useCompletions({
  ticket,
  kind,
  text,
  put,
}: {
  ticket: TicketDetailFragment;
  kind: DraftKind;
  text: string;
  put: (change: { text: string; caret: number }) => void;
}): Completions {
  const t = useT();
  const explain = useExplain();
  const [caret, setCaret] = useState(0);
  const [dismissed, setDismissed] = useState<string>();
  const [problem, setProblem] = useState<string>();

  const found = tokenAt(text, caret, kind === "note" ? "@" : "/");
  const about = found && `${found.mark}${found.start}`;
  const token = about === dismissed ? undefined : found;
  const canned = useCanned(ticket.id, token?.mark === "/" ? token.query : undefined);
  const staff = useStaff();

  const close = () => setDismissed(about);
  const fill = async (one: CannedPartsFragment, at: Token) => {
    close();
    setProblem(undefined);
    try {
      const words = await fillCanned(ticket.id, one);
      const now = draftOf(ticket.id, "reply").text;
      put(replaced(now, at.start, at.start + 1 + at.query.length, words));
    } catch (error) {
      setProblem(explain(error));
    }
  };
  const mention = (member: { id: string; name: string }, at: Token) => {
    close();
    const { mentions } = draftOf(ticket.id, "note");
    noteDraft(ticket.id, "note", { mentions: [...mentions.filter(({ id }) => id !== member.id), member] });
    put(replaced(text, at.start, at.start + 1 + at.query.length, `@${member.name} `));
  };
  const items = (): readonly PickerItem[] | undefined => {
    if (!token) {
      return undefined;
    }
    return token.mark === "/"
      ? canned?.slice(0, 50).map((one) => ({
          key: one.id,
          label: one.title,
          hint: one.isSuggested && token.query === "" ? t("canned.suggested") : `/${one.shortcut}`,
          onPick: () => void fill(one, token),
        }))
      : staff
          .filter((one) => one.name.toLowerCase().includes(token.query))
          .slice(0, 20)
          .map((one) => ({
            key: one.id,
            label: one.name,
            hint: one.email,
            onPick: () => mention(one, token),
          }));
  };
  const isCanned = token?.mark === "/";
  const picker = usePicker({
    label: t(isCanned ? "canned.list" : "mention.list"),
    empty: t(isCanned ? "canned.empty" : "mention.empty"),
    items: items(),
    about: token && `${about}${token.query}`,
    onClose: close,
  });
  return {
    ...picker,
    problem,
    onCaret: (place: number) => {
      setCaret(place);
      if (tokenAt(text, place, "/@") === undefined) {
        setDismissed(undefined);
      }
    },
    openCanned: () => {
      const space = text === "" || /\s$/u.test(text.slice(0, caret)) ? "" : " ";
      const change = replaced(text, caret, caret, `${space}/`);
      setDismissed(undefined);
      setCaret(change.caret);
      put(change);
    },
  };
}
