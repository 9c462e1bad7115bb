import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { TextField } from "@/components/field";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import styles from "./channels.module.css";

const LABELS: Readonly<Record<string, MessageId>> = {
  inbound: "channels.door.inbound",
  tracking: "channels.door.tracking",
  line: "channels.door.line",
  calls: "channels.door.calls",
};

/** The addresses at which an account's services tell us things. */
export function Doors({ account }: { account: ChannelAccountPartsFragment }) {
  const t = useT();
  return (
    <div className={styles.fields}>
      {account.doors.map(({ door, url }) => {
        const known = LABELS[door];
        return <CopyField key={door} label={known ? t(known) : door} value={url} />;
      })}
    </div>
  );
}

/** Something to be taken elsewhere. The frame may not use the clipboard, but a selection may be copied. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  return (
    <div className={styles.door}>
      <TextField
        ref={field}
        label={label}
        value={value}
        readOnly
        onFocus={(event) => event.target.select()}
      />
      <Button
        icon={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        aria-label={t("channels.copy.what", { label })}
        onClick={() => {
          field.current?.select();
          setCopied(document.execCommand("copy"));
        }}
      >
        {copied ? t("channels.copied") : t("channels.copy")}
      </Button>
    </div>
  );
}
