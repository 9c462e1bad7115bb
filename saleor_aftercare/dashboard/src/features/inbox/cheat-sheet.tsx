import { Dialog } from "@/components/dialog";
import { Choice } from "@/components/field";
import { type MessageId, useT } from "@/lib/intl";
import { setShortcutsEnabled, useShortcutsEnabled } from "@/lib/shortcuts";
import styles from "./cheat-sheet.module.css";

const KEYS: readonly (readonly [keys: readonly string[], label: MessageId])[] = [
  [["j", "k"], "keys.step"],
  [["Enter"], "keys.open"],
  [["Esc"], "keys.back"],
  [["r"], "keys.reply"],
  [["n"], "keys.note"],
  [["Ctrl", "Enter"], "keys.send"],
  [["Ctrl", "Shift", "Enter"], "keys.sendSolve"],
  [["a"], "keys.assign"],
  [["m"], "keys.mine"],
  [["e"], "keys.solve"],
  [["#"], "keys.spam"],
  [["["], "keys.previousCard"],
  [["]"], "keys.nextCard"],
  [["i"], "keys.context"],
  [["/"], "keys.search"],
  [["?"], "keys.help"],
];

export function CheatSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const enabled = useShortcutsEnabled();
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, label]) => (
          <div key={label} className={styles.row}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
      <Choice
        label={t("keys.enabled")}
        help={t("keys.enabledHelp")}
        checked={enabled}
        onChange={(event) => setShortcutsEnabled(event.target.checked)}
      />
    </Dialog>
  );
}
