import { Suspense, useEffect } from "react";
import { MissingDialog, part } from "@/components/part";
import { useOffered } from "@/lib/access";
import { chunk, prefetch } from "@/lib/chunk";
import { type Command, useCommands } from "@/lib/commands";
import type { MessageId } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { showOverlay, useOverlay } from "@/lib/overlays";
import { setShortcutsEnabled } from "@/lib/shortcuts";
import { useSingleKeys } from "@/lib/viewer";
import { LeaveDialog } from "./leave-dialog";
import { SETTINGS } from "./places";

/** Where one can go from everywhere, and by which keys. */
const PLACES: readonly (readonly [to: string, label: MessageId, keys?: string])[] = [
  ["/inbox", "go.inbox", "g i"],
  ["/inbox?view=assigned_to_me", "go.mine", "g m"],
  ["/inbox?view=unassigned", "go.unassigned", "g u"],
  ["/inbox?view=overdue", "go.overdue", "g o"],
  ["/inbox/calls", "calls.title", "g c"],
  ["/returns", "nav.returns", "g r"],
  ["/withdrawals", "nav.withdrawals", "g w"],
  ["/repairs", "nav.repairs", "g p"],
  ["/parts", "nav.parts"],
  ["/receiving", "receiving.title"],
  ["/packing", "nav.packing"],
  ["/settings", "nav.settings", "g s"],
  ...SETTINGS.flatMap(({ places }) => places.slice(places[0]?.href === "/settings" ? 1 : 0)).map(
    ({ href, label }) => [href, label] as const,
  ),
];

const commandsTo = (offered: (href: string) => boolean): Command[] =>
  PLACES.filter(([to]) => offered(to)).map(([to, label, keys]) => ({
    id: `go-${to}`,
    group: "go",
    label,
    ...(keys !== undefined && { keys: [keys] }),
    run: () => navigate(to),
  }));

const COMMANDS: readonly Command[] = [
  {
    id: "palette",
    group: "help",
    label: "commands.title",
    keys: ["Mod+k"],
    run: () => showOverlay("palette"),
  },
  { id: "keys", group: "help", label: "keys.title", keys: ["?"], run: () => showOverlay("keys") },
];

const palette = chunk(() => import("./palette"));
const cheatSheet = chunk(() => import("./cheat-sheet"));
const Palette = part(palette, (it) => it.Palette, MissingDialog);
const CheatSheet = part(cheatSheet, (it) => it.CheatSheet, MissingDialog);
/** Keys are pressed before anybody could wait for what they open. */
const PREFETCH_AFTER_MS = 1_000;

/** What lies over any screen, and the commands that every screen has. */
export function Overlays() {
  const shown = useOverlay();
  const [singleKeys] = useSingleKeys();
  useEffect(() => setShortcutsEnabled(singleKeys), [singleKeys]);
  useEffect(() => {
    const timer = window.setTimeout(() => prefetch(palette, cheatSheet), PREFETCH_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
  useCommands([...commandsTo(useOffered()), ...COMMANDS]);
  return (
    <>
      <Suspense fallback={null}>
        {shown === "palette" && <Palette onClose={() => showOverlay(undefined)} />}
        {shown === "keys" && <CheatSheet onClose={() => showOverlay(undefined)} />}
      </Suspense>
      <LeaveDialog />
    </>
  );
}
