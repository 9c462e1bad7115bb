import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { Button } from "@/components/button";
import { Actions } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Pill } from "@/components/pill";
import { ChannelAccountSendTestDocument, ChannelAccountTestDocument } from "@/gql/channels";
import type {
  ChannelAccountInput,
  ChannelAccountPartsFragment,
  ChannelVerdictPartsFragment,
} from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import styles from "./channels.module.css";

interface TryingProps {
  /** Of an account that is not saved yet. */
  kind?: string;
  account: ChannelAccountPartsFragment | undefined;
  /** What would be saved; empty when nothing was changed. */
  input: ChannelAccountInput;
  dirty: boolean;
  onProblems: (byField: Readonly<Record<string, string>>) => void;
}

/** Signs in where the mailbox hears and sends, with what stands in the form, and says what went wrong. */
export function Trying({ kind = "email", account, input, dirty, onProblems }: TryingProps) {
  const t = useT();
  const explain = useExplain();
  const test = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(ChannelAccountTestDocument, {
            id: account?.id ?? null,
            kind: account ? null : kind,
            input: dirty ? input : {},
          })
        ).channelAccountTest,
      ),
    onSuccess: ({ incoming, outgoing }) => {
      const verdicts = [incoming, outgoing].filter((one) => one != null);
      onProblems(
        Object.fromEntries(
          verdicts
            .filter((one) => one.problem !== "" && one.field !== "")
            .map((one) => [one.field, one.problem]),
        ),
      );
    },
  });
  const send = useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(ChannelAccountSendTestDocument, { id })).channelAccountSendTest),
  });
  return (
    <div className={styles.fields}>
      <Actions>
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {t("channels.test")}
        </Button>
        {account?.kind === "email" && account.outgoing !== "" && (
          <Button disabled={dirty} busy={send.isPending} onClick={() => send.mutate(account.id)}>
            {t("channels.sendTest")}
          </Button>
        )}
      </Actions>
      <div role="status">
        {test.data && (
          <ul className={styles.verdicts}>
            <Said label={t("channels.incoming")} verdict={test.data.incoming} />
            <Said label={t("channels.outgoing")} verdict={test.data.outgoing} />
            {!test.data.incoming && !test.data.outgoing && <li>{t("channels.test.nothing")}</li>}
          </ul>
        )}
        {send.data &&
          (send.data.problem == null ? t("channels.sendTest.sent") : <Problem>{send.data.problem}</Problem>)}
      </div>
      {test.error && <Problem>{explain(test.error)}</Problem>}
      {send.error && <Problem>{explain(send.error)}</Problem>}
    </div>
  );
}

function Said({
  label,
  verdict,
}: {
  label: string;
  verdict: ChannelVerdictPartsFragment | null | undefined;
}) {
  const t = useT();
  if (!verdict) {
    return null;
  }
  const well = verdict.problem === "";
  return (
    <li className={styles.verdict}>
      <Pill
        tone={well ? "success" : "error"}
        icon={well ? <CircleCheck size={12} aria-hidden /> : <CircleAlert size={12} aria-hidden />}
      >
        {label}
      </Pill>
      <span>
        {!well && verdict.problem}
        {well && verdict.messages != null && t("channels.test.messages", { count: verdict.messages })}
        {well && verdict.messages == null && t("channels.test.works")}
      </span>
    </li>
  );
}
