import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Eye, Lock, Paperclip, Quote, Send, Slash, Workflow } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { Button, IconButton } from "@/components/button";
import { Problem, Warning } from "@/components/feedback";
import type { TicketDetailFragment } from "@/gql/types";
import { useCommands } from "@/lib/commands";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import styles from "./composer.module.css";
import { CcField } from "./composer-cc";
import { useCompletions } from "./composer-completions";
import { ComposerTabs } from "./composer-tabs";
import { type DraftKind, lacksFiles, meetDraft, setDraft, useDraft } from "./drafts";
import { MacroSheet } from "./parts";
import { newSince, onCompose } from "./writing";
import { Attachments, useAttachments } from "./writing/attachments";
import { useAutosave } from "./writing/autosave";
import { useGivePresence } from "./writing/give-presence";
import { PresenceLine } from "./writing/presence";
import { Preview } from "./writing/preview";
import { SendMenu } from "./writing/send-menu";
import { leftOver, quoted, replaced } from "./writing/tokens";
import { UndoSend } from "./writing/undo-send";
import { type Press, useSend } from "./writing/use-send";

/** Replies and notes. What is written stays until the server has taken it, here and on the server. */
export function Composer({ ticket }: { ticket: TicketDetailFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [kind, setKind] = useState<DraftKind>("reply");
  const [dragging, setDragging] = useState(false);
  const [preview, setPreview] = useState(false);
  const [macros, setMacros] = useState(false);
  const draft = useDraft(ticket.id, kind);
  const files = useAttachments(ticket.id);
  const send = useSend(ticket, kind);
  const failing = useAutosave(ticket.id, kind, send.isPending);
  const field = useRef<HTMLTextAreaElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const isNote = kind === "note";

  useGivePresence(ticket.id, !isNote && draft.text.trim() !== "");
  useEffect(() => {
    for (const kept of ticket.drafts) {
      meetDraft(ticket.id, kept);
    }
  }, [ticket.id, ticket.drafts]);
  useEffect(
    () =>
      onCompose((wanted) => {
        setKind(wanted);
        field.current?.focus();
      }),
    [],
  );

  const messages = ticket.messages.edges.map((edge) => edge.node);
  const unseen = isNote ? [] : newSince(messages, draft.lastSeen);
  const left = leftOver(draft.text);
  const canSend = draft.text.trim() !== "" && !lacksFiles(draft) && (isNote || left.length === 0);
  const mayReply = !["CLOSED", "SPAM", "MERGED"].includes(ticket.state);

  const write = (text: string) =>
    setDraft(ticket.id, kind, { text, lastSeen: draft.lastSeen ?? ticket.lastMessageId });
  /** Changes the text from outside, with the caret behind what was put in. */
  const put = ({ text, caret }: { text: string; caret: number }) => {
    write(text);
    window.requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const completions = useCompletions({ ticket, kind, text: draft.text, put });
  const submit = (press: Press = {}) => {
    if (canSend && (isNote || mayReply) && !send.isPending) {
      setPreview(false);
      send.press(press);
      field.current?.focus();
    }
  };
  const attach = (list: FileList | null) => {
    if ((list?.length ?? 0) > 0) {
      setKind("reply");
      void files.add(list);
    }
  };
  const quote = () => {
    const last = messages.filter((message) => message.kind === "CUSTOMER").at(-1);
    if (last) {
      put(replaced(draft.text, 0, 0, quoted(last.body)));
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
  useCommands([
    { id: "writing.macro", group: "writing", label: "macro.choose", keys: ["."], run: () => setMacros(true) },
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is being composed, Enter belongs to the input method (229: Safari's order of events).
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    if (completions.onKeyDown(event)) {
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit(event.shiftKey && !isNote ? { move: "SOLVE" } : {});
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

  const customer = ticket.customerName || ticket.customerEmail || t("person.unknown");
  return (
    <form
      className={clsx(styles.composer, isNote && styles.noting, dragging && styles.dragging)}
      aria-label={isNote ? t("composer.note") : t("composer.reply")}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={onDrop}
    >
      <UndoSend ticketNumber={ticket.number} />
      <PresenceLine ticketId={ticket.id} />
      <div className={styles.top}>
        <ComposerTabs
          kind={kind}
          fieldId={fieldId}
          onChange={(one) => {
            setKind(one);
            setPreview(false);
            send.reset();
            field.current?.focus();
          }}
        />
        {isNote ? (
          <span className={styles.hint}>{t("composer.noteHint")}</span>
        ) : (
          <CcField
            key={ticket.id}
            address={ticket.customerEmail}
            cc={draft.cc}
            onChange={(cc) => setDraft(ticket.id, "reply", { cc })}
          />
        )}
      </div>
      {(send.isStale || unseen.length > 0) && (
        <Warning>
          <p role="status">
            {unseen.length > 0 ? t("composer.stale", { count: unseen.length }) : t("composer.staleUnknown")}
          </p>
          <div className={styles.choices}>
            <Button onClick={review}>{t("composer.review")}</Button>
            <Button busy={send.isPending} disabled={!canSend} onClick={() => submit({ force: true })}>
              {t("composer.sendAnyway")}
            </Button>
          </div>
        </Warning>
      )}
      <div className={styles.box}>
        {completions.list}
        {preview && <Preview ticketId={ticket.id} body={draft.text} language={ticket.language} />}
        <textarea
          {...completions.fieldProps}
          ref={field}
          id={fieldId}
          rows={3}
          hidden={preview}
          className={styles.field}
          lang={isNote ? undefined : ticket.language}
          value={draft.text}
          readOnly={send.isPending}
          placeholder={
            isNote ? t("composer.notePlaceholder") : t("composer.replyPlaceholder", { name: customer })
          }
          aria-label={isNote ? t("composer.note") : t("composer.replyTo", { name: customer })}
          onChange={(event) => {
            write(event.target.value);
            completions.onCaret(event.target.selectionStart);
          }}
          onSelect={(event) => completions.onCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {!isNote && (
          <Attachments
            ticketId={ticket.id}
            notTaken={files.notTaken}
            onRemove={(id) => void files.remove(id)}
          />
        )}
        {!isNote && !preview && ticket.signature && (
          <pre className={styles.signature} title={t("composer.signature")} lang={ticket.language}>
            {ticket.signature}
          </pre>
        )}
      </div>
      {!isNote && left.length > 0 && (
        <Warning>{t("composer.fillIn", { names: left.map((name) => `{{ ${name} }}`).join(", ") })}</Warning>
      )}
      {completions.problem !== undefined && <Problem>{completions.problem}</Problem>}
      {send.error && !send.isStale && <Problem>{explain(send.error)}</Problem>}
      {(send.isWaiting || failing) && (
        <p role="status" className={styles.waiting}>
          {t(send.isWaiting ? "composer.waiting" : "composer.notKept")}
        </p>
      )}
      <div className={styles.bar}>
        {!isNote && (
          <>
            <input
              ref={fileInput}
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
              onClick={() => fileInput.current?.click()}
            />
            <IconButton
              label={t("composer.canned")}
              icon={<Slash size={16} />}
              onClick={completions.openCanned}
            />
            <IconButton label={t("composer.quote")} icon={<Quote size={16} />} onClick={quote} />
          </>
        )}
        <IconButton
          label={t(preview ? "composer.previewOff" : "composer.preview")}
          aria-pressed={preview}
          icon={<Eye size={16} />}
          disabled={draft.text.trim() === ""}
          onClick={() => setPreview(!preview)}
        />
        <Button
          variant="tertiary"
          icon={<Workflow size={14} aria-hidden />}
          className={styles.macro}
          onClick={() => setMacros(true)}
        >
          {t("macro.button")}
        </Button>
        <span className={styles.space} />
        <kbd className={styles.kbd} aria-hidden>
          Ctrl ↵
        </kbd>
        <Button
          type="submit"
          variant="primary"
          disabled={!canSend || (!isNote && !mayReply)}
          busy={send.isPending}
          icon={isNote ? <Lock size={12} aria-hidden /> : <Send size={12} aria-hidden />}
        >
          {isNote ? t("composer.addNote") : t("composer.send")}
        </Button>
        {!isNote && (
          <SendMenu ticket={ticket} disabled={!canSend || send.isPending || !mayReply} onPress={submit} />
        )}
      </div>
      {macros && (
        <Suspense>
          <MacroSheet
            ticket={ticket}
            onClose={() => {
              setMacros(false);
              void client.invalidateQueries({ queryKey: ["ticket", ticket.number] });
            }}
          />
        </Suspense>
      )}
    </form>
  );
}
