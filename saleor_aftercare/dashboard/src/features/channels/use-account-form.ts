import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ChannelAccountCreateDocument, ChannelAccountUpdateDocument } from "@/gql/channels";
import type { ChannelAccountInput, ChannelAccountPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { accepted, problemAt } from "@/lib/mutation";
import { type Draft, draftOf, inputOf } from "./form";

export type ByField = Readonly<Record<string, string>>;

interface Options {
  kind: string;
  /** Left out for one that is to be added. */
  account: ChannelAccountPartsFragment | undefined;
  /** What a new one begins with. */
  suggested?: Partial<Draft>;
  onSaved: (account: ChannelAccountPartsFragment) => void;
}

/** What the form of an account holds and how it is saved, whatever its kind. */
export interface AccountFormState {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** A value that an adapter wants, by `section.name`. */
  type: (key: string, value: string) => void;
  /** Something stands in it that the service does not have. */
  dirty: boolean;
  /** Something stands in it that would be lost. */
  changed: boolean;
  input: ChannelAccountInput;
  problemOf: (key: string) => string | undefined;
  /** What a test found, until the field is typed in again. */
  onProblems: (by: ByField) => void;
  save: { mutate: () => void; isPending: boolean; error: Error | null };
  discard: () => void;
}

export function useAccountForm({ kind, account, suggested, onSaved }: Options): AccountFormState {
  const saved = draftOf(account);
  const fresh = account ? saved : { ...saved, ...suggested };
  const [draft, setDraft] = useState(fresh);
  const [tried, setTried] = useState<ByField>({});
  const input = inputOf(draft, account);
  const save = useMutation({
    mutationFn: async () =>
      account
        ? accepted(
            (
              await execute(ChannelAccountUpdateDocument, {
                id: account.id,
                version: account.version,
                input,
              })
            ).channelAccountUpdate,
          ).account
        : accepted((await execute(ChannelAccountCreateDocument, { kind, input })).channelAccountCreate)
            .account,
    onSuccess: (now) => {
      if (now) {
        onSaved(now);
      }
    },
  });
  const now = JSON.stringify(draft);
  return {
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    type: (key, value) => {
      setTried(({ [key]: _mended, ...rest }) => rest);
      setDraft((before) => ({ ...before, typed: { ...before.typed, [key]: value } }));
    },
    dirty: now !== JSON.stringify(saved),
    changed: now !== JSON.stringify(fresh) && !save.isSuccess,
    input,
    problemOf: (key) => problemAt(save.error, key) ?? tried[key],
    onProblems: setTried,
    save: { mutate: () => save.mutate(), isPending: save.isPending, error: save.error },
    discard: () => {
      setDraft(fresh);
      setTried({});
      save.reset();
    },
  };
}
