import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, Download, ImageOff, LayoutTemplate, ScanSearch } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { ErrorNotice } from "@/components/feedback";
import { MessageMailDocument } from "@/gql/message";
import type { MailPartsFragment, MessagePartsFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./message-mail.module.css";

/** Signed addresses hold for 15 minutes; they are asked for anew before. */
const FRESH_MS = 10 * 60_000;

/** What the customer's mail holds besides its words. */
function useMail(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["ticket", "mail", id],
    enabled,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
    queryFn: async ({ signal }) => (await execute(MessageMailDocument, { id }, signal)).ticketMessage,
  });
}

/** Below the words of a mail: what it quotes, how its sender laid it out, and the mail itself. */
export function MailExtras({ message }: { message: MessagePartsFragment }) {
  const t = useT();
  const [shown, setShown] = useState({ quoted: false, html: false, more: false });
  const open = shown.quoted || shown.html || shown.more;
  const { data, error, refetch } = useMail(message.id, open);
  const toggle = (part: keyof typeof shown) => setShown({ ...shown, [part]: !shown[part] });
  return (
    <div className={styles.extras}>
      <div className={styles.buttons}>
        {message.hasQuoted && (
          <Disclosure open={shown.quoted} onClick={() => toggle("quoted")}>
            {t(shown.quoted ? "message.quoted.hide" : "message.quoted.show")}
          </Disclosure>
        )}
        {message.hasHtml && (
          <Disclosure
            open={shown.html}
            icon={<LayoutTemplate size={12} aria-hidden />}
            onClick={() => toggle("html")}
          >
            {t(shown.html ? "message.html.hide" : "message.html.show")}
          </Disclosure>
        )}
        <Disclosure open={shown.more} onClick={() => toggle("more")}>
          {t("message.more")}
        </Disclosure>
      </div>
      {open && error && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {shown.quoted && data && (
        <blockquote className={styles.quoted} lang={message.language}>
          {data.quoted}
        </blockquote>
      )}
      {shown.html && data?.html && (
        <HtmlView html={data.html} name={message.authorName} onExpired={() => void refetch()} />
      )}
      {shown.more && data && <More mail={data} />}
    </div>
  );
}

function Disclosure(props: { open: boolean; icon?: ReactNode; onClick: () => void; children: ReactNode }) {
  const Arrow = props.open ? ChevronDown : ChevronRight;
  return (
    <button type="button" className={styles.button} aria-expanded={props.open} onClick={props.onClick}>
      {props.icon ?? <Arrow size={12} aria-hidden />}
      {props.children}
    </button>
  );
}

interface HtmlViewProps {
  html: NonNullable<MailPartsFragment["html"]>;
  name: string;
  onExpired: () => void;
}

/**
 * The mail in a frame of its own: without scripts, forms, our origin or, until somebody asks,
 * anything from elsewhere. The page in it says the same of itself; see web/mails.py.
 */
function HtmlView({ html, name, onExpired }: HtmlViewProps) {
  const t = useT();
  const helpId = useId();
  const [remote, setRemote] = useState(false);
  const url = (remote && html.remoteUrl) || html.url;
  return (
    <div className={styles.view}>
      {html.remoteUrl !== null && !remote && (
        <p className={styles.remote}>
          <ImageOff size={14} aria-hidden />
          <span id={helpId}>{t("message.html.remoteHelp")}</span>
          <button
            type="button"
            className={styles.button}
            aria-describedby={helpId}
            onClick={() => {
              setRemote(true);
              onExpired();
            }}
          >
            {t("message.html.remote")}
          </button>
        </p>
      )}
      <iframe
        key={url}
        className={styles.frame}
        src={url}
        title={t("message.html.title", { name })}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="lazy"
      />
    </div>
  );
}

function More({ mail }: { mail: MailPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const { raw, guesses } = mail;
  return (
    <div className={styles.more}>
      {raw !== null && (
        <button type="button" className={styles.button} onClick={() => void openInNewTab(raw.url)}>
          <Download size={12} aria-hidden />
          {t("message.raw")} · {format.bytes(raw.sizeBytes)}
        </button>
      )}
      {guesses.length > 0 && (
        <>
          <p className={styles.guesses}>
            <ScanSearch size={12} aria-hidden />
            {t("message.guesses", { count: guesses.length })}
          </p>
          <ul className={styles.guessList}>
            {guesses.map((guess, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list of a mail never changes
              <li key={index}>
                <code>{guess.where}</code>
                {(guess.declared !== "" || guess.used !== "") && (
                  <>
                    : {guess.declared || "–"} → {guess.used || "–"}
                  </>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
