import { useMutation, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Lock, Paperclip, Send, X } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { Button, IconButton } from "@/components/button";
import { Problem, Warning } from "@/components/feedback";
import { InboxNoteDocument, InboxReplyDocument } from "@/gql/inbox";
import type { TicketDetailFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./composer.module.css";
import { storeTicket } from "./data";
import { clearDraft, type DraftKind, setDraft, useDraft } from "./drafts";
import { COMPOSE_EVENT, FILE_LIMIT_BYTES, newSince, seenUpTo } from "./writing";

/** Replies and notes. What is written stays until the server has taken it. */
export function Composer({ ticket }: { ticket: TicketDetailFragment }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const client = useQueryClient();
  const [kind, setKind] = useState<DraftKind>("reply");
  const [tooLarge, setTooLarge] = useState<string>();
  const [dragging, setDragging] = useState(false);
  const draft = useDraft(ticket.id, kind);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const isNote = kind === "note";

  const messages = ticket.messages.edges.map((edge) => edge.node);
  const unseen = isNote ? [] : newSince(messages, draft.lastSeen);

  useEffect(() => {
    const onCompose = (event: Event) => {
      setKind((event as CustomEvent<DraftKind>).detail);
      field.current?.focus();
    };
    document.addEventListener(COMPOSE_EVENT, onCompose);
    return () => document.removeEventListener(COMPOSE_EVENT, onCompose);
  }, []);

  const send = useMutation({
    mutationFn: async ({ force, solve }: { force: boolean; solve: boolean }) => {
      if (isNote) {
        const { ticketNoteAdd } = await execute(InboxNoteDocument, { id: ticket.id, body: draft.text });
        return accepted(ticketNoteAdd).ticket;
      }
      const input = {
        body: draft.text,
        lastSeenMessageId: seenUpTo(ticket, draft.lastSeen),
        force,
        solve,
        attachments: [...draft.files],
      };
      const { ticketReply } = await execute(InboxReplyDocument, { id: ticket.id, input });
      return accepted(ticketReply).ticket;
    },
    onSuccess: (answer) => {
      clearDraft(ticket.id, kind);
      if (answer) {
        storeTicket(client, answer);
      }
      field.current?.focus();
    },
    onError: (error) => {
      if (error instanceof Refusal && error.code === "STALE_THREAD") {
        void client.invalidateQueries({ queryKey: keys.ticket(ticket.number) });
      } else {
        notify("error", t("composer.failed"), explain(error));
      }
    },
  });
  const stale = send.error instanceof Refusal && send.error.code === "STALE_THREAD";
  const canSend = draft.text.trim() !== "";

  const write = (text: string) => {
    setDraft(ticket.id, kind, { text, lastSeen: draft.lastSeen ?? ticket.lastMessageId });
  };
  const submit = (solve: boolean, force = false) => {
    if (canSend && !send.isPending) {
      send.mutate({ force, solve: solve && !isNote });
    }
  };
  const attach = (list: FileList | null) => {
    const files = [...(list ?? [])];
    const large = files.find((file) => file.size > FILE_LIMIT_BYTES);
    setTooLarge(large && t("composer.tooLarge", { name: large.name, limit: format.bytes(FILE_LIMIT_BYTES) }));
    const fitting = files.filter((file) => file.size <= FILE_LIMIT_BYTES);
    if (fitting.length > 0) {
      setKind("reply");
      setDraft(ticket.id, "reply", {
        files: [...draft.files, ...fitting],
        lastSeen: draft.lastSeen ?? ticket.lastMessageId,
      });
    }
  };
  const review = () => {
    const first = unseen[0];
    setDraft(ticket.id, kind, { lastSeen: ticket.lastMessageId });
    send.reset();
    if (first) {
      const row = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(first.id)}"]`);
      row?.scrollIntoView({ block: "center" });
      row?.querySelector<HTMLElement>("article")?.focus();
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is being composed, Enter belongs to the input method (229: Safari's order of events).
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit(event.shiftKey);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      field.current?.blur();
      document.getElementById("thread")?.focus();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      attach(event.clipboardData.files);
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    attach(event.dataTransfer.files);
  };

  return (
    <form
      className={clsx(styles.composer, isNote && styles.noting, dragging && styles.dragging)}
      aria-label={isNote ? t("composer.note") : t("composer.reply")}
      onSubmit={(event) => {
        event.preventDefault();
        submit(false);
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={onDrop}
    >
      <div className={styles.tabs} role="tablist" aria-label={t("composer.kind")}>
        {(["reply", "note"] as const).map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === kind}
            aria-controls={fieldId}
            className={styles.tab}
            onClick={() => {
              setKind(one);
              send.reset();
              field.current?.focus();
            }}
          >
            {one === "note" && <Lock size={12} aria-hidden />}
            {t(one === "note" ? "composer.note" : "composer.reply")}
          </button>
        ))}
      </div>
      {(stale || unseen.length > 0) && (
        <Warning>
          <p role="status">
            {unseen.length > 0 ? t("composer.stale", { count: unseen.length }) : t("composer.staleUnknown")}
          </p>
          <div className={styles.choices}>
            <Button onClick={review}>{t("composer.review")}</Button>
            <Button busy={send.isPending} disabled={!canSend} onClick={() => submit(false, true)}>
              {t("composer.sendAnyway")}
            </Button>
          </div>
        </Warning>
      )}
      <div className={styles.box}>
        <textarea
          ref={field}
          id={fieldId}
          rows={3}
          className={styles.field}
          value={draft.text}
          readOnly={send.isPending}
          placeholder={
            isNote
              ? t("composer.notePlaceholder")
              : t("composer.replyPlaceholder", { name: ticket.customerName })
          }
          aria-label={isNote ? t("composer.note") : t("composer.replyTo", { name: ticket.customerName })}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {!isNote && draft.files.length > 0 && (
          <ul className={styles.files} aria-label={t("composer.files")}>
            {draft.files.map((file, index) => (
              <li key={`${file.name}-${file.size}-${file.lastModified}`} className={styles.file}>
                <span>{file.name}</span>
                <span className={styles.size}>{format.bytes(file.size)}</span>
                <IconButton
                  label={t("composer.removeFile", { name: file.name })}
                  icon={<X size={12} />}
                  onClick={() =>
                    setDraft(ticket.id, "reply", { files: draft.files.filter((_, at) => at !== index) })
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      {tooLarge !== undefined && <Problem>{tooLarge}</Problem>}
      {send.error && !stale && <Problem>{explain(send.error)}</Problem>}
      <div className={styles.bar}>
        {isNote ? (
          <span className={styles.hint}>{t("composer.noteHint")}</span>
        ) : (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                attach(event.target.files);
                event.target.value = "";
              }}
            />
            <IconButton
              label={t("composer.attach")}
              icon={<Paperclip size={16} />}
              onClick={() => picker.current?.click()}
            />
            <span className={styles.hint}>{ticket.customerEmail}</span>
          </>
        )}
        <kbd className={styles.kbd} aria-hidden>
          Ctrl ↵
        </kbd>
        {!isNote && ticket.actions.includes("solve") && (
          <Button
            disabled={!canSend}
            busy={send.isPending}
            onClick={() => submit(true)}
            className={styles.solve}
          >
            {t("composer.sendAndSolve")}
          </Button>
        )}
        <Button
          type="submit"
          variant="primary"
          disabled={!canSend}
          busy={send.isPending}
          icon={isNote ? <Lock size={12} aria-hidden /> : <Send size={12} aria-hidden />}
        >
          {isNote ? t("composer.addNote") : t("composer.send")}
        </Button>
      </div>
    </form>
  );
}
