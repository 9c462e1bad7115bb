import { useQuery } from "@tanstack/react-query";
import type { CannedPartsFragment } from "@/gql/types";
import { WritingCannedDocument, WritingCannedFilesDocument, WritingFilledDocument } from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { draftOf, noteDraft } from "../drafts";

/** The canned replies that fit what was typed; without a word, those that seem to answer the customer come first. */
export function useCanned(
  ticketId: string,
  query: string | undefined,
): readonly (CannedPartsFragment & { isSuggested: boolean })[] | undefined {
  const { data } = useQuery({
    queryKey: keys.canned(ticketId),
    enabled: query !== undefined,
    staleTime: 60_000,
    queryFn: ({ signal }) => execute(WritingCannedDocument, { ticketId }, signal),
  });
  if (query === undefined || !data) {
    return undefined;
  }
  const suggested = data.cannedReplySuggestions.map(({ id }) => id);
  const rank = (one: CannedPartsFragment): number => {
    const at = suggested.indexOf(one.id);
    return at < 0 ? suggested.length : at;
  };
  return data.cannedReplies
    .filter((one) => `${one.shortcut} ${one.title} ${one.folder}`.toLowerCase().includes(query))
    .map((one) => ({ ...one, isSuggested: suggested.includes(one.id) }))
    .sort((one, other) => rank(one) - rank(other));
}

/** The words of a canned reply for this conversation; its files are laid beside the answer. */
export async function fillCanned(ticketId: string, canned: CannedPartsFragment): Promise<string> {
  const { cannedReplyFilled } = await execute(WritingFilledDocument, { id: canned.id, ticketId });
  if (canned.attachments.length > 0) {
    const { cannedReplyAttach } = await execute(WritingCannedFilesDocument, { id: canned.id, ticketId });
    const { draft } = accepted(cannedReplyAttach);
    if (draft) {
      noteDraft(ticketId, "reply", { files: draft.attachments, version: draft.version });
    }
  }
  noteDraft(ticketId, "reply", {
    canned: [...new Set([...draftOf(ticketId, "reply").canned, canned.id])],
  });
  return cannedReplyFilled.text;
}
