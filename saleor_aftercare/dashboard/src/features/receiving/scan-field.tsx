import { useMutation } from "@tanstack/react-query";
import { ScanLine } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Problem } from "@/components/feedback";
import { ReceivingScanDocument } from "@/gql/receiving";
import type { ReceivingScanQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { useExplain } from "@/lib/problem";
import styles from "./receiving.module.css";
import { useWedge } from "./wedge";

export type Candidate = ReceivingScanQuery["receivingScan"][number];

/** Where a sure find leads; nothing when somebody has to choose. */
export function placeOf(found: readonly Candidate[]): string | undefined {
  const [first, second] = found;
  if (first === undefined || second !== undefined) {
    return undefined;
  }
  if (first.return) {
    return `/receiving/${first.return.number}`;
  }
  return first.strayParcel ? `/receiving/stray/${first.strayParcel.number}` : undefined;
}

interface ScanFieldProps {
  /** What was read, and what it may belong to, when it led nowhere by itself. */
  onFound: (code: string, found: readonly Candidate[]) => void;
  go?: (path: string) => void;
  /** Takes the focus; a sheet leaves it where the person works and listens all the same. */
  focused?: boolean;
}

/** The one field that a scanner types into. A scan is heard wherever the focus is on the page. */
export function ScanField({ onFound, go = navigate, focused = true }: ScanFieldProps) {
  const t = useT();
  const explain = useExplain();
  const [text, setText] = useState("");
  const [flash, setFlash] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const scan = useMutation({
    mutationFn: async (code: string) => (await execute(ReceivingScanDocument, { code })).receivingScan,
    onSuccess: (found, code) => {
      setText("");
      const place = placeOf(found);
      if (place === undefined) {
        onFound(code, found);
      } else {
        go(place);
      }
    },
    onError: () => field.current?.select(),
  });
  const look = (code: string) => {
    if (code.trim() !== "") {
      setFlash((count) => count + 1);
      scan.mutate(code.trim());
    }
  };
  useWedge((code) => {
    setText(code);
    look(code);
  });
  useEffect(() => {
    if (focused) {
      field.current?.focus();
    }
  }, [focused]);
  return (
    <form
      className={styles.scan}
      onSubmit={(event) => {
        event.preventDefault();
        look(text);
      }}
    >
      <div key={flash} className={flash > 0 ? `${styles.field} ${styles.flash}` : styles.field}>
        <ScanLine size={20} aria-hidden />
        <input
          ref={field}
          type="text"
          value={text}
          lang="en"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={300}
          placeholder={t("receiving.scan.placeholder")}
          aria-label={t("receiving.scan.label")}
          onChange={(event) => setText(event.target.value)}
          onCompositionEnd={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // An input method took the scanner's keys; its Enter ends the word, and means the search.
            if (event.key === "Enter" && event.nativeEvent.isComposing) {
              const input = event.currentTarget;
              window.setTimeout(() => look(input.value), 0);
            }
          }}
        />
        <Button type="submit" variant="primary" busy={scan.isPending}>
          {t("receiving.scan.find")}
        </Button>
      </div>
      {scan.error && <Problem>{explain(scan.error)}</Problem>}
    </form>
  );
}
