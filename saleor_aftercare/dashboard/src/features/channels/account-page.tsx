import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Page } from "@/components/page";
import { ChannelAccountDeleteDocument } from "@/gql/channels";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { guardNavigation, navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useAccount, useAdapters } from "./data";
import { kindOf } from "./kinds";
import { AccountState } from "./state";

const LIST = "/settings/channels";

/** One account that exists. */
export function AccountPage({ id }: { id: string }) {
  const { data, error, refetch } = useAccount(id, false);
  if (data) {
    return <Editing kind={data.kind} account={data} />;
  }
  return error ? (
    <ErrorNotice error={error} onRetry={() => void refetch()} />
  ) : (
    <Skeleton rows={8} height={48} />
  );
}

/** One that is to be added. */
export function NewAccountPage({ kind }: { kind: string }) {
  return <Editing kind={kind} account={undefined} />;
}

function Editing({ kind, account }: { kind: string; account: ChannelAccountPartsFragment | undefined }) {
  const t = useT();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const adapters = useAdapters(kind);
  const known = kindOf(kind);
  const back = { href: LIST, label: t("channels.title") };
  if (known === undefined) {
    return (
      <Page title={t("channels.title")} back={back}>
        <Empty>{t("channels.noSuchKind")}</Empty>
      </Page>
    );
  }
  const saved = (now: ChannelAccountPartsFragment) => {
    client.setQueryData(keys.channelAccount(now.id), now);
    void client.invalidateQueries({ queryKey: keys.channelAccounts });
    notify("success", t("settings.saved"));
    if (account === undefined) {
      // The form is still the one that was filled in; there is nothing left in it to lose.
      guardNavigation(() => true)();
      navigate(`${LIST}/${encodeURIComponent(now.id)}`);
    }
  };
  return (
    <Page
      title={account?.name ?? t(known.add)}
      back={back}
      pill={account && <AccountState account={account} />}
      actions={account && mayChange && <GiveUp account={account} />}
    >
      {adapters.data ? (
        <known.Editor
          key={account?.version ?? 0}
          account={account}
          adapters={adapters.data}
          mayChange={mayChange}
          onSaved={saved}
        />
      ) : adapters.error ? (
        <ErrorNotice error={adapters.error} onRetry={() => void adapters.refetch()} />
      ) : (
        <Skeleton rows={8} height={48} />
      )}
    </Page>
  );
}

function GiveUp({ account }: { account: ChannelAccountPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const giveUp = useMutation({
    mutationFn: async () =>
      accepted(
        (await execute(ChannelAccountDeleteDocument, { id: account.id, version: account.version }))
          .channelAccountDelete,
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.channelAccounts });
      navigate(LIST);
    },
  });
  return (
    <>
      <Button icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t("channels.giveUp")}
      </Button>
      {asking && (
        <Dialog
          title={t("channels.giveUp.title", { name: account.name })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t("common.cancel")}</Button>
              <Button variant="primary" busy={giveUp.isPending} onClick={() => giveUp.mutate()}>
                {t("channels.giveUp")}
              </Button>
            </>
          }
        >
          <p>{t("channels.giveUp.text")}</p>
          {giveUp.error && <Problem>{explain(giveUp.error)}</Problem>}
        </Dialog>
      )}
    </>
  );
}
