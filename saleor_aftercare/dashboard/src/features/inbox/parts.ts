import { MissingDialog, part } from "@/components/part";
import { chunk, prefetch } from "@/lib/chunk";

const chunks = {
  thread: chunk(() => import("./thread")),
  composer: chunk(() => import("./composer")),
  context: chunk(() => import("./context")),
  person: chunk(() => import("./properties/person-card")),
  orders: chunk(() => import("./properties/orders-card")),
  properties: chunk(() => import("./properties/properties")),
  dialogs: chunk(() => import("./properties/dialogs")),
  macros: chunk(() => import("./writing/macro-sheet")),
};

export const Thread = part(chunks.thread, (it) => it.Thread);
export const Composer = part(chunks.composer, (it) => it.Composer);
export const Context = part(chunks.context, (it) => it.Context);
export const PersonCard = part(chunks.person, (it) => it.PersonCard);
export const PastCard = part(chunks.person, (it) => it.PastCard);
export const OrdersCard = part(chunks.orders, (it) => it.OrdersCard);
export const Properties = part(chunks.properties, (it) => it.Properties);
export const Dialogs = part(chunks.dialogs, (it) => it.Dialogs, MissingDialog);
export const MacroSheet = part(chunks.macros, (it) => it.MacroSheet, MissingDialog);

/** Asked for beside the list's own request: the list is seen before the first conversation can be. */
export const prefetchThread = (): void => prefetch(chunks.thread, chunks.composer, chunks.context);

/** What a conversation may need next: asked for while it is read, so that it is there even after a deploy. */
export const prefetchDialogs = (): void => prefetch(chunks.dialogs, chunks.macros);
