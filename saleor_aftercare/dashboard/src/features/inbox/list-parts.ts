import { MissingDialog, part } from "@/components/part";
import { chunk } from "@/lib/chunk";

const dialogs = chunk(() => import("./bulk-dialogs"));
const views = chunk(() => import("./views-dialog"));

export const MergeDialog = part(dialogs, (it) => it.MergeDialog, MissingDialog);
export const MacroDialog = part(dialogs, (it) => it.MacroDialog, MissingDialog);
export const PlanDialog = part(dialogs, (it) => it.PlanDialog, MissingDialog);
export const ViewDialog = part(views, (it) => it.ViewDialog, MissingDialog);
export const ArrangeDialog = part(views, (it) => it.ArrangeDialog, MissingDialog);
