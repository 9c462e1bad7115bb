import { lazy, type ReactNode, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { Inbox } from "@/features/inbox/inbox";
import { type CaseSlots, CaseSlotsProvider } from "@/features/inbox/slots";
import { appBridge } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import styles from "./routes.module.css";

const ReturnCard = lazy(async () => ({ default: (await import("@/features/returns/return-card")).ReturnCard }));
const ReturnList = lazy(async () => ({ default: (await import("@/features/returns/return-list")).ReturnList }));
const ReturnPage = lazy(async () => ({ default: (await import("@/features/returns/return-page")).ReturnPage }));
const ReturnPopup = lazy(async () => ({ default: (await import("@/features/returns/popup")).ReturnPopup }));
const RepairCard = lazy(async () => ({ default: (await import("@/features/repairs/repair-card")).RepairCard }));
const RepairList = lazy(async () => ({ default: (await import("@/features/repairs/repair-list")).RepairList }));
const RepairPage = lazy(async () => ({ default: (await import("@/features/repairs/repair-page")).RepairPage }));
const PartCard = lazy(async () => ({ default: (await import("@/features/parts/part-card")).PartCard }));
const PartList = lazy(async () => ({ default: (await import("@/features/parts/part-list")).PartList }));
const PartPage = lazy(async () => ({ default: (await import("@/features/parts/part-page")).PartPage }));
const Settings = lazy(async () => ({ default: (await import("@/features/settings/settings-page")).SettingsPage }));

const card = (content: ReactNode) => <Suspense fallback={<Skeleton rows={2} height={48} />}>{content}</Suspense>;

/** The features that own the cases draw them in the inbox. */
const SLOTS: CaseSlots = {
  renderReturn: (ret) => card(<ReturnCard ret={ret} />),
  renderRepair: (repair) => card(<RepairCard repair={repair} />),
  renderPart: (part) => card(<PartCard part={part} />),
};

/** Which screen an address shows. */
export function Routes() {
  return (
    <Suspense fallback={<div className={styles.waiting} />}>
      <Switch>
        <Route path="/inbox/tickets/:number">{({ number }) => <InboxScreen ticket={Number(number)} />}</Route>
        <Route path="/inbox">
          <InboxScreen ticket={undefined} />
        </Route>
        <Route path="/returns">
          <ReturnList />
        </Route>
        <Route path="/returns/:number">{({ number }) => <ReturnPage key={number} number={number} />}</Route>
        <Route path="/repairs">
          <RepairList />
        </Route>
        <Route path="/repairs/:number">{({ number }) => <RepairPage key={number} number={number} />}</Route>
        <Route path="/parts">
          <PartList />
        </Route>
        <Route path="/parts/:number">{({ number }) => <PartPage key={number} number={number} />}</Route>
        <Route path="/settings">
          <Settings />
        </Route>
        <Route path="/popup/return">
          <ReturnPopup orderId={popupOrder()} />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}

function InboxScreen({ ticket }: { ticket: number | undefined }) {
  return (
    <CaseSlotsProvider value={SLOTS}>
      <Inbox ticket={ticket !== undefined && Number.isSafeInteger(ticket) ? ticket : undefined} />
    </CaseSlotsProvider>
  );
}

/**
 * The order a popup is about. The Dashboard's own menus put it in the address; our widgets pass it
 * as a parameter of the popup, because its address then carries none.
 */
function popupOrder(): string | undefined {
  const inAddress = new URLSearchParams(window.location.search).get("orderId");
  const passed = appBridge().getState().appParams;
  const inParams =
    typeof passed === "object" && passed !== null && "orderId" in passed ? String(passed.orderId) : undefined;
  return inAddress ?? inParams;
}

function NotFound() {
  const t = useT();
  return (
    <div className={styles.notFound}>
      <Empty action={<Button onClick={() => navigate("/inbox")}>{t("app.toInbox")}</Button>}>{t("app.notFound")}</Empty>
    </div>
  );
}
