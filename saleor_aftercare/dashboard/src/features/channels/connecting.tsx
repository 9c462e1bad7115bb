import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { ChannelAccountConnectDocument } from "@/gql/channels";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useAccount } from "./data";

/** Signing in to whoever keeps the mailbox, in a window of its own; this page notices when it is done. */
export function Connecting({ account, dirty }: { account: ChannelAccountPartsFragment; dirty: boolean }) {
  const t = useT();
  const explain = useExplain();
  const [waiting, setWaiting] = useState(false);
  const seen = useAccount(account.id, waiting && !account.connected);
  const connected = seen.data?.connected ?? account.connected;
  const begin = useMutation({
    mutationFn: async () =>
      accepted((await execute(ChannelAccountConnectDocument, { id: account.id })).channelAccountConnect),
    onSuccess: ({ url }) => {
      if (url != null) {
        setWaiting(true);
        void openInNewTab(url);
      }
    },
  });
  const keeper = t(account.authority === "google" ? "channels.choice.google" : "channels.choice.microsoft");
  return (
    <div>
      <div role="status">
        <Muted>
          {t(connected ? "channels.connected" : waiting ? "channels.connecting" : "channels.unconnected", {
            keeper,
          })}
        </Muted>
      </div>
      <Actions>
        <Button
          variant={connected ? "secondary" : "primary"}
          disabled={dirty}
          busy={begin.isPending}
          onClick={() => begin.mutate()}
        >
          {t(connected ? "channels.connectAgain" : "channels.connect", { keeper })}
        </Button>
      </Actions>
      {begin.error && <Problem>{explain(begin.error)}</Problem>}
    </div>
  );
}
