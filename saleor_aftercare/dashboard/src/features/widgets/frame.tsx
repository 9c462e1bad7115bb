import { createContext, type ReactNode, type RefObject, useContext, useEffect, useMemo, useRef } from "react";
import { Pill, type Tone } from "@/components/pill";
import { SessionExpired } from "@/lib/auth-fetch";
import { isFramed, isPopupOpen, resizeWidget, useBridgeState } from "@/lib/bridge";
import { type Format, formatFor } from "@/lib/format";
import { GraphQLFailure } from "@/lib/graphql";
import styles from "./frame.module.css";
import { type Text, textFor } from "./text";
import type { Loaded } from "./use-load";

interface Speech {
  text: Text;
  format: Format;
}

const SpeechContext = createContext<Speech>({ text: textFor("en"), format: formatFor("en") });

export const useSpeech = (): Speech => useContext(SpeechContext);

interface FrameProps {
  /** Home widgets stand in fixed cells; the others tell the Dashboard how tall they are. */
  resizes: boolean;
  children: ReactNode;
}

/** Theme, language and height of a widget. */
export function Frame({ resizes, children }: FrameProps) {
  const theme = useBridgeState((state) => state.theme as string | undefined);
  const locale = useBridgeState((state) => state.locale);
  const root = useRef<HTMLElement>(null);
  const speech = useMemo(() => ({ text: textFor(locale), format: formatFor(locale) }), [locale]);
  useHeight(root, resizes);

  useEffect(() => {
    // Until the Dashboard has said which theme it has, the page stays transparent.
    if (theme !== undefined) {
      document.documentElement.dataset.theme = theme;
    }
    document.documentElement.lang = locale;
  }, [theme, locale]);

  return (
    <SpeechContext.Provider value={speech}>
      <main ref={root} className={styles.frame}>
        <h1 className="visually-hidden">{speech.text.title}</h1>
        {isFramed() ? children : <p className={styles.muted}>{speech.text.outside}</p>}
      </main>
    </SpeechContext.Provider>
  );
}

/** How soon after a popup is closed a widget takes the height that it wants meanwhile. */
const AFTER_POPUP_MS = 400;

function useHeight(root: RefObject<HTMLElement>, enabled: boolean): void {
  const ready = useBridgeState((state) => state.ready);
  useEffect(() => {
    const element = root.current;
    if (!enabled || !ready || !element) {
      return;
    }
    let told = 0;
    let timer: number | undefined;
    const tell = () => {
      window.clearTimeout(timer);
      const height = Math.ceil(element.getBoundingClientRect().height);
      if (height === 0 || height === told) {
        return;
      }
      if (isPopupOpen()) {
        timer = window.setTimeout(tell, AFTER_POPUP_MS);
        return;
      }
      told = height;
      void resizeWidget(height);
    };
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
    };
  }, [enabled, ready, root]);
}

/** What is loaded; or that it is loading, or why it is not there. */
export function Body<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ReactNode }) {
  const { text } = useSpeech();
  if (loaded.data !== undefined) {
    return children(loaded.data);
  }
  if (loaded.error === undefined) {
    return <div className={styles.skeleton} role="status" aria-label={text.loading} />;
  }
  return (
    <div role="alert" className={styles.problem}>
      <p>{why(loaded.error, text)}</p>
      <Button onClick={loaded.reload}>{text.retry}</Button>
    </div>
  );
}

function why(error: unknown, text: Text): string {
  if (error instanceof SessionExpired) {
    return text.session;
  }
  return error instanceof GraphQLFailure && error.code === "PERMISSION_DENIED" ? text.denied : text.error;
}

interface ButtonProps {
  primary?: boolean;
  busy?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** Macaw's small button, without macaw. */
export function Button({ primary = false, busy = false, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      className={primary ? styles.primary : styles.secondary}
      onClick={busy ? undefined : onClick}
    >
      {children}
    </button>
  );
}

interface RowProps {
  title: string;
  detail: string;
  pill: { tone: Tone; text: string };
  lang?: string | undefined;
  openLabel: string;
  onOpen: () => void;
  action?: ReactNode;
}

/** One case: what it is, how it stands, what to do next. */
export function Row({ title, detail, pill, lang, openLabel, onOpen, action }: RowProps) {
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <button type="button" className={styles.link} title={openLabel} onClick={onOpen}>
          {title}
        </button>
        <Pill tone={pill.tone}>{pill.text}</Pill>
      </div>
      <div className={styles.line}>
        <p className={styles.muted} lang={lang}>
          {detail}
        </p>
        {action}
      </div>
    </li>
  );
}

export { styles };
