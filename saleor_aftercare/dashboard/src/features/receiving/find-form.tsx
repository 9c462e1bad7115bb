import { useState } from "react";
import { Button } from "@/components/button";
import { TextField } from "@/components/field";
import { useT } from "@/lib/intl";
import styles from "./receiving.module.css";

interface FindFormProps {
  label: string;
  /** What is looked for at first. */
  start: string;
  busy: boolean;
  onFind: (text: string) => void;
}

/** A line to look something up by, and the button that does. */
export function FindForm({ label, start, busy, onFind }: FindFormProps) {
  const t = useT();
  const [text, setText] = useState(start);
  return (
    <form
      className={styles.pair}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") {
          onFind(text.trim());
        }
      }}
    >
      <TextField
        label={label}
        value={text}
        maxLength={300}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" busy={busy}>
        {t("receiving.scan.find")}
      </Button>
    </form>
  );
}
