import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { Inbox } from "@/features/inbox/inbox";
import { type CaseSlots, CaseSlotsProvider } from "@/features/inbox/slots";
import { appBridge } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { Door } from "./door";
import styles from "./routes.module.css";
import { SettingsShell } from "./settings-shell";

/** Each feature's screens are a chunk of their own. */
const chunks = {
  calls: () => import("@/features/inbox/calls-page"),
  mailTroubles: () => import("@/features/inbox/message-troubles"),
  returnCard: () => import("@/features/returns/return-card"),
  returnList: () => import("@/features/returns/return-list"),
  returnPage: () => import("@/features/returns/return-page"),
  returnPopup: () => import("@/features/returns/popup"),
  repairCard: () => import("@/features/repairs/repair-card"),
  repairList: () => import("@/features/repairs/repair-list"),
  repairPage: () => import("@/features/repairs/repair-page"),
  partCard: () => import("@/features/parts/part-card"),
  partList: () => import("@/features/parts/part-list"),
  partPage: () => import("@/features/parts/part-page"),
  packingPage: () => import("@/features/packing/packing-page"),
  parcels: () => import("@/features/parcels/parcel-section"),
  providers: () => import("@/features/parcels/providers-page"),
  receiving: () => import("@/features/receiving/receiving-page"),
  stray: () => import("@/features/receiving/stray"),
  withdrawalCard: () => import("@/features/withdrawals/withdrawal-card"),
  withdrawalList: () => import("@/features/withdrawals/withdrawal-list"),
  withdrawalPage: () => import("@/features/withdrawals/withdrawal-page"),
  settings: () => import("@/features/settings/settings-page"),
  channels: () => import("@/features/channels/channels-page"),
  channelAccount: () => import("@/features/channels/account-page"),
  serviceLevels: () => import("@/features/service-levels/service-levels-page"),
  slaPolicy: () => import("@/features/service-levels/policy-page"),
  slaCalendar: () => import("@/features/service-levels/calendar-page"),
  contacts: () => import("@/features/contacts/contacts-page"),
  satisfaction: () => import("@/features/contacts/satisfaction-page"),
  team: () => import("@/features/team/team-page"),
  canned: () => import("@/features/replies/canned-page"),
  macros: () => import("@/features/replies/macros-page"),
  writing: () => import("@/features/replies/writing-page"),
  rules: () => import("@/features/rules/rules-page"),
  rule: () => import("@/features/rules/rule-page"),
  notices: () => import("@/features/notices/notices-page"),
  noticeSettings: () => import("@/features/notices/settings-page"),
  marks: () => import("@/features/marks/marks-page"),
  policies: () => import("@/features/policies/policies-page"),
  reasons: () => import("@/features/policies/reasons-page"),
  words: () => import("@/features/words/words-page"),
};

const ReturnCard = lazy(async () => ({ default: (await chunks.returnCard()).ReturnCard }));
const ReturnList = lazy(async () => ({ default: (await chunks.returnList()).ReturnList }));
const ReturnPage = lazy(async () => ({ default: (await chunks.returnPage()).ReturnPage }));
const ReturnPopup = lazy(async () => ({ default: (await chunks.returnPopup()).ReturnPopup }));
const RepairCard = lazy(async () => ({ default: (await chunks.repairCard()).RepairCard }));
const RepairList = lazy(async () => ({ default: (await chunks.repairList()).RepairList }));
const RepairPage = lazy(async () => ({ default: (await chunks.repairPage()).RepairPage }));
const PartCard = lazy(async () => ({ default: (await chunks.partCard()).PartCard }));
const PartList = lazy(async () => ({ default: (await chunks.partList()).PartList }));
const PartPage = lazy(async () => ({ default: (await chunks.partPage()).PartPage }));
const PackingPage = lazy(async () => ({ default: (await chunks.packingPage()).PackingPage }));
const ReceivingPage = lazy(async () => ({ default: (await chunks.receiving()).ReceivingPage }));
const ReceivingSheetPage = lazy(async () => ({ default: (await chunks.receiving()).ReceivingSheetPage }));
const StrayPage = lazy(async () => ({ default: (await chunks.stray()).StrayPage }));
const TeamPage = lazy(async () => ({ default: (await chunks.team()).TeamPage }));
const CannedPage = lazy(async () => ({ default: (await chunks.canned()).CannedPage }));
const CannedReplyPage = lazy(async () => ({ default: (await chunks.canned()).CannedReplyPage }));
const MacrosPage = lazy(async () => ({ default: (await chunks.macros()).MacrosPage }));
const MacroPage = lazy(async () => ({ default: (await chunks.macros()).MacroPage }));
const WritingPage = lazy(async () => ({ default: (await chunks.writing()).WritingPage }));
const RulesPage = lazy(async () => ({ default: (await chunks.rules()).RulesPage }));
const RulePage = lazy(async () => ({ default: (await chunks.rule()).RulePage }));
const NoticesPage = lazy(async () => ({ default: (await chunks.notices()).NoticesPage }));
const NoticeSettingsPage = lazy(async () => ({
  default: (await chunks.noticeSettings()).NoticeSettingsPage,
}));
const MarksPage = lazy(async () => ({ default: (await chunks.marks()).MarksPage }));
const PoliciesPage = lazy(async () => ({ default: (await chunks.policies()).PoliciesPage }));
const ReasonsPage = lazy(async () => ({ default: (await chunks.reasons()).ReasonsPage }));
const ParcelSection = lazy(async () => ({ default: (await chunks.parcels()).ParcelSection }));
const ProvidersPage = lazy(async () => ({ default: (await chunks.providers()).ProvidersPage }));
const WithdrawalCard = lazy(async () => ({ default: (await chunks.withdrawalCard()).WithdrawalCard }));
const WithdrawalList = lazy(async () => ({ default: (await chunks.withdrawalList()).WithdrawalList }));
const WithdrawalPage = lazy(async () => ({ default: (await chunks.withdrawalPage()).WithdrawalPage }));
const WordsPage = lazy(async () => ({ default: (await chunks.words()).WordsPage }));
const ChannelsPage = lazy(async () => ({ default: (await chunks.channels()).ChannelsPage }));
const AccountPage = lazy(async () => ({ default: (await chunks.channelAccount()).AccountPage }));
const NewAccountPage = lazy(async () => ({ default: (await chunks.channelAccount()).NewAccountPage }));
const ServiceLevelsPage = lazy(async () => ({ default: (await chunks.serviceLevels()).ServiceLevelsPage }));
const SlaPolicyPage = lazy(async () => ({ default: (await chunks.slaPolicy()).PolicyPage }));
const SlaCalendarPage = lazy(async () => ({ default: (await chunks.slaCalendar()).CalendarPage }));
const ContactsPage = lazy(async () => ({ default: (await chunks.contacts()).ContactsPage }));
const SatisfactionPage = lazy(async () => ({ default: (await chunks.satisfaction()).SatisfactionPage }));
const SettingsPage = lazy(async () => ({ default: (await chunks.settings()).SettingsPage }));

const CallsPage = lazy(async () => ({ default: (await chunks.calls()).CallsPage }));
const MailTroubles = lazy(async () => ({ default: (await chunks.mailTroubles()).MailTroubles }));

const PREFETCH_AFTER_MS = 3_000;

/**
 * Fetches every screen once the first one has had its time. After a deploy the old chunks may be
 * gone, and this frame cannot be reloaded to get the new ones.
 */
function usePrefetch(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => {
      for (const chunk of Object.values(chunks)) {
        // A chunk that cannot be had now is asked for again, and told about, when it is needed.
        chunk().catch(() => undefined);
      }
    }, PREFETCH_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
}

const card = (content: ReactNode) => (
  <Suspense fallback={<Skeleton rows={2} height={48} />}>{content}</Suspense>
);

/** The features that own the cases draw them in the inbox. */
const SLOTS: CaseSlots = {
  renderReturn: (ret) => card(<ReturnCard ret={ret} />),
  renderRepair: (repair) => card(<RepairCard repair={repair} />),
  renderPart: (part) => card(<PartCard part={part} />),
  renderWithdrawal: (withdrawal) => card(<WithdrawalCard withdrawal={withdrawal} />),
};

/** The screen of our address. */
export function Routes() {
  usePrefetch();
  const [path] = useLocation();
  const screen = (
    <Suspense fallback={<div className={styles.waiting} />}>
      <Screens />
    </Suspense>
  );
  const inside = <Door path={path}>{screen}</Door>;
  return path.startsWith("/settings") ? <SettingsShell>{inside}</SettingsShell> : inside;
}

/** Which screen an address shows. */
function Screens() {
  return (
    <Switch>
      <Route path="/inbox/tickets/:number">{({ number }) => <InboxScreen ticket={Number(number)} />}</Route>
      <Route path="/inbox">
        <InboxScreen ticket={undefined} />
      </Route>
      <Route path="/inbox/calls">
        <CallsPage />
      </Route>
      <Route path="/inbox/mails">
        <MailTroubles />
      </Route>
      <Route path="/returns">
        <ReturnList />
      </Route>
      <Route path="/returns/:number">
        {({ number }) => (
          <ReturnPage
            key={number}
            number={number}
            renderParcels={(id) => card(<ParcelSection returnId={id} />)}
          />
        )}
      </Route>
      <Route path="/repairs">
        <RepairList />
      </Route>
      <Route path="/repairs/:number">{({ number }) => <RepairPage key={number} number={number} />}</Route>
      <Route path="/withdrawals">
        <WithdrawalList />
      </Route>
      <Route path="/withdrawals/:number">
        {({ number }) => <WithdrawalPage key={number} number={number} />}
      </Route>
      <Route path="/parts">
        <PartList />
      </Route>
      <Route path="/parts/:number">{({ number }) => <PartPage key={number} number={number} />}</Route>
      <Route path="/packing">
        <PackingPage />
      </Route>
      <Route path="/receiving">
        <ReceivingPage />
      </Route>
      <Route path="/receiving/stray/:number">
        {({ number }) => <StrayPage key={number} number={number} />}
      </Route>
      <Route path="/receiving/:number">
        {({ number }) => <ReceivingSheetPage key={number} number={number} />}
      </Route>
      <Route path="/notices">
        <NoticesPage />
      </Route>
      <Route path="/settings/team">
        <TeamPage />
      </Route>
      <Route path="/settings/replies">
        <CannedPage />
      </Route>
      <Route path="/settings/replies/:id">{({ id }) => <CannedReplyPage key={id} id={id} />}</Route>
      <Route path="/settings/macros">
        <MacrosPage />
      </Route>
      <Route path="/settings/macros/:id">{({ id }) => <MacroPage key={id} id={id} />}</Route>
      <Route path="/settings/writing">
        <WritingPage />
      </Route>
      <Route path="/settings/rules">
        <RulesPage />
      </Route>
      <Route path="/settings/rules/:id">{({ id }) => <RulePage key={id} id={id} />}</Route>
      <Route path="/settings/notices">
        <NoticeSettingsPage />
      </Route>
      <Route path="/settings/marks">
        <MarksPage />
      </Route>
      <Route path="/settings/policies">
        <PoliciesPage />
      </Route>
      <Route path="/settings/reasons">
        <ReasonsPage />
      </Route>
      <Route path="/settings/labels">
        <ProvidersPage />
      </Route>
      <Route path="/settings/channels">
        <ChannelsPage />
      </Route>
      <Route path="/settings/channels/new/:kind">
        {({ kind }) => <NewAccountPage key={kind} kind={kind} />}
      </Route>
      <Route path="/settings/channels/:id">
        {({ id }) => <AccountPage key={id} id={decodeURIComponent(id)} />}
      </Route>
      <Route path="/settings/service-levels">
        <ServiceLevelsPage />
      </Route>
      <Route path="/settings/service-levels/policies/new">
        <SlaPolicyPage id={undefined} />
      </Route>
      <Route path="/settings/service-levels/policies/:id">
        {({ id }) => <SlaPolicyPage key={id} id={id} />}
      </Route>
      <Route path="/settings/service-levels/calendars/new">
        <SlaCalendarPage id={undefined} />
      </Route>
      <Route path="/settings/service-levels/calendars/:id">
        {({ id }) => <SlaCalendarPage key={id} id={id} />}
      </Route>
      <Route path="/settings/contacts">
        <ContactsPage />
      </Route>
      <Route path="/settings/satisfaction">
        <SatisfactionPage />
      </Route>
      <Route path="/settings/words">
        <WordsPage />
      </Route>
      <Route path="/settings">
        <SettingsPage />
      </Route>
      <Route path="/popup/return">
        <ReturnPopup orderId={popupOrder()} />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
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
      <Empty action={<Button onClick={() => navigate("/inbox")}>{t("app.toInbox")}</Button>}>
        {t("app.notFound")}
      </Empty>
    </div>
  );
}
