import { useQuery } from "@tanstack/react-query";
import { MessageCircle, Phone } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Pill } from "@/components/pill";
import { Age } from "@/components/time";
import { ChatVisitorDocument } from "@/gql/call";
import type { TicketRowFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import styles from "./call.module.css";
import { CallDialog } from "./call-dialog";

/** What a conversation that happens at this moment needs: who is at the other end of a chat, and a note of a call. */
export function LiveStrip({ ticket }: { ticket: Pick<TicketRowFragment, "id" | "number" | "channel"> }) {
  if (ticket.channel === "CHAT") {
    return <Visitor number={ticket.number} />;
  }
  return ticket.channel === "PHONE" ? <Telephone ticket={ticket} /> : null;
}

function Visitor({ number }: { number: number }) {
  const t = useT();
  const { data } = useQuery({
    queryKey: ["chat-visitor", number],
    queryFn: async ({ signal }) =>
      (await execute(ChatVisitorDocument, { number }, signal)).ticket?.visitor ?? null,
    refetchInterval: ({ state }) => (state.data?.present ? 3_000 : 15_000),
  });
  if (!data) {
    return null;
  }
  return (
    <div className={styles.visitor}>
      <MessageCircle size={14} aria-hidden />
      <span role="status">
        <Pill tone={data.present ? "success" : "neutral"}>
          {t(data.typing ? "chat.visitor.typing" : data.present ? "chat.visitor.here" : "chat.visitor.gone")}
        </Pill>
      </span>
      {!data.present && (
        <span>
          {t("chat.visitor.seen")} <Age at={data.seenAt} />
        </span>
      )}
      <span>
        {data.email === ""
          ? t("chat.visitor.noEmail")
          : t(data.emailProved ? "chat.visitor.proved" : "chat.visitor.unproved", { email: data.email })}
      </span>
      {data.pageUrl !== "" && <span>{t("chat.visitor.page", { url: data.pageUrl })}</span>}
    </div>
  );
}

function Telephone({ ticket }: { ticket: { id: string; number: number } }) {
  const t = useT();
  const [noting, setNoting] = useState(false);
  return (
    <div className={styles.visitor}>
      <Button icon={<Phone size={14} aria-hidden />} onClick={() => setNoting(true)}>
        {t("calls.note")}
      </Button>
      {noting && <CallDialog ticket={ticket} isInbound={false} onClose={() => setNoting(false)} />}
    </div>
  );
}
