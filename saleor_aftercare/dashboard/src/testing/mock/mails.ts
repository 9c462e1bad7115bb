import type { MockMessage } from "./types";
import type { World } from "./world";

export interface MockMail {
  quoted: string;
  html: { url: string; remoteUrl: string | null } | null;
  raw: { id: string; name: string; contentType: string; sizeBytes: number; url: string; thumbnailUrl: null };
  guesses: { where: string; declared: string; used: string; why: string }[];
}

export interface MockTrouble {
  id: string;
  accountName: string;
  receivedAt: string;
  state: "FAILED";
  error: string;
  raw: MockMail["raw"];
}

export const mockRaw = (name: string): MockMail["raw"] => ({
  id: `File-${name}`,
  name,
  contentType: "message/rfc822",
  sizeBytes: 4096,
  url: `https://aftercare.example/files/${name}`,
  thumbnailUrl: null,
});

/** Mails as they came, and those that could not be read. */
export function mailsOf(world: World) {
  const messageOf = (id: string): MockMessage | undefined =>
    world.tickets.flatMap((ticket) => ticket.thread).find((message) => message.id === id);
  const settle = ({ id }: { id: string }) => {
    world.troubles = world.troubles.filter((one) => one.id !== id);
    return { errors: [] };
  };
  return {
    ticketMessage: ({ id }: { id: string }) => ({ ...messageOf(id), ...world.mails.get(id) }),
    ticketMessageResend: ({ id }: { id: string }) => {
      const message = messageOf(id);
      if (message) {
        message.delivery = "PENDING";
      }
      return { message, errors: [] };
    },
    inboundMessages: () => ({
      totalCount: world.troubles.length,
      edges: world.troubles.map((node) => ({ node, cursor: node.id })),
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    }),
    inboundRetry: settle,
    inboundDismiss: settle,
  };
}
