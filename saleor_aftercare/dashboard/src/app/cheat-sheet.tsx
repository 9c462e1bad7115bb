import { Dialog } from "@/components/dialog";
import { Choice } from "@/components/field";
import { Keys } from "@/components/keys";
import { type Command, type CommandGroup, knownCommands } from "@/lib/commands";
import { useT } from "@/lib/intl";
import { useSingleKeys } from "@/lib/viewer";
import styles from "./cheat-sheet.module.css";

const GROUPS: readonly CommandGroup[] = ["list", "ticket", "writing", "go", "help"];

/** Every key of the screens that are there, whether it does something at this moment or not. */
export function CheatSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const [enabled, setEnabled] = useSingleKeys();
  const commands = [...new Map(knownCommands().map((command) => [command.id, command])).values()];
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      {GROUPS.map((group) => (
        <Group
          key={group}
          group={group}
          commands={commands.filter((one) => one.group === group && one.keys?.length)}
        />
      ))}
      <Choice
        label={t("keys.enabled")}
        help={t("keys.enabledHelp")}
        checked={enabled}
        onChange={(event) => setEnabled(event.target.checked)}
      />
    </Dialog>
  );
}

function Group({ group, commands }: { group: CommandGroup; commands: readonly Command[] }) {
  const t = useT();
  if (commands.length === 0) {
    return null;
  }
  return (
    <section className={styles.group}>
      <h3 className={styles.title}>{t(`commands.group.${group}`)}</h3>
      <dl className={styles.keys}>
        {commands.map((command) => (
          <div key={command.id} className={styles.row}>
            <dt>
              {command.keys?.map((keys) => (
                <Keys key={keys} keys={keys} />
              ))}
            </dt>
            <dd>{t(command.label, command.values)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
