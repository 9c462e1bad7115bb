import clsx from "clsx";
import { Bot, Lock } from "lucide-react";
import { memo } from "react";
import { Files } from "@/components/files";
import { Age } from "@/components/time";
import type { MessagePartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./message.module.css";
import { Delivery } from "./message-delivery";
import { MailExtras } from "./message-mail";

/** One row of a thread. */
export const Message = memo(function Message({ message }: { message: MessagePartsFragment }) {
  return message.kind === "SYSTEM" ? <SystemRow message={message} /> : <Bubble message={message} />;
});

/** What happened to the case, in one quiet line. */
function SystemRow({ message }: { message: MessagePartsFragment }) {
  return (
    <li className={styles.system} data-message={message.id}>
      <span lang={message.language}>{message.body}</span>
      {message.authorName !== "" && ` · ${message.authorName}`}
      {" · "}
      <Age at={message.createdAt} />
    </li>
  );
}

const SIDE = { CUSTOMER: styles.customer, STAFF: styles.staff, NOTE: styles.note };

function Bubble({ message }: { message: MessagePartsFragment }) {
  const t = useT();
  const kind = message.kind === "SYSTEM" ? "NOTE" : message.kind;
  return (
    <li className={styles.item} data-message={message.id}>
      <article
        tabIndex={-1}
        aria-label={t(`message.by.${kind}`, { name: message.authorName })}
        className={clsx(styles.bubble, SIDE[kind])}
      >
        <header className={styles.meta}>
          {kind === "NOTE" && (
            <span className={styles.noteMark}>
              <Lock size={11} aria-hidden />
              {t("message.note")}
            </span>
          )}
          {message.isAutomatic && (
            <span className={styles.noteMark} title={t("message.automaticHelp")}>
              <Bot size={11} aria-hidden />
              {t("message.automatic")}
            </span>
          )}
          <span>{message.authorName || message.authorEmail}</span>
          <span aria-hidden>·</span>
          <Age at={message.createdAt} />
        </header>
        {message.isMail && message.body === "" ? (
          <p className={styles.empty}>{t("message.empty")}</p>
        ) : (
          <div
            className={styles.body}
            lang={message.language}
            // The server renders the Markdown and sanitises it; nothing else may be put here.
            // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
            dangerouslySetInnerHTML={{ __html: message.bodyHtml }}
          />
        )}
        <Files files={message.attachments} />
        {message.isMail && <MailExtras message={message} />}
        <Delivery message={message} />
      </article>
    </li>
  );
}
