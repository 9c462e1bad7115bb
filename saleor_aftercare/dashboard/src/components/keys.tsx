import styles from "./keys.module.css";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Record<string, string> = { Mod: isMac ? "⌘" : "Ctrl", Escape: "Esc" };

/** Keys as a person sees them: "g i" as two caps, "Mod+k" with the modifier of the machine. */
export function Keys({ keys }: { keys: string }) {
  const caps = keys
    .split(/[ +](?=.)/)
    .flatMap((key) => (/^[A-Z]$/.test(key) ? ["Shift", key] : (NAMES[key] ?? key)));
  return (
    <span className={styles.keys}>
      {caps.map((cap, index) => (
        // The same cap may come twice; their order never changes.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <kbd key={index}>{cap}</kbd>
      ))}
    </span>
  );
}
