import { type ReactNode, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { part } from "@/components/part";
import { Inbox } from "@/features/inbox/inbox";
import { type CaseSlots, CaseSlotsProvider } from "@/features/inbox/slots";
import { appBridge } from "@/lib/bridge";
import { chunk, prefetch } from "@/lib/chunk";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { Door } from "./door";
import styles from "./routes.module.css";

/** Each feature's screens are a chunk of their own. */
const chunks = {
  calls: chunk(() => import("@/features/inbox/calls-page")),
  mailTroubles: chunk(() => import("@/features/inbox/message-troubles")),
  returnCard: chunk(() => import("@/features/returns/return-card")),
  returnList: chunk(() => import("@/features/returns/return-list")),
  returnPage: chunk(() => import("@/features/returns/return-page")),
  returnPopup: chunk(() => import("@/features/returns/popup")),
  repairCard: chunk(() => import("@/features/repairs/repair-card")),
  repairList: chunk(() => import("@/features/repairs/repair-list")),
  repairPage: chunk(() => import("@/features/repairs/repair-page")),
  partCard: chunk(() => import("@/features/parts/part-card")),
  partList: chunk(() => import("@/features/parts/part-list")),
  partPage: chunk(() => import("@/features/parts/part-page")),
  packingPage: chunk(() => import("@/features/packing/packing-page")),
  parcels: chunk(() => import("@/features/parcels/parcel-section")),
  providers: chunk(() => import("@/features/parcels/providers-page")),
  receiving: chunk(() => import("@/features/receiving/receiving-page")),
  stray: chunk(() => import("@/features/receiving/stray")),
  withdrawalCard: chunk(() => import("@/features/withdrawals/withdrawal-card")),
  withdrawalList: chunk(() => import("@/features/withdrawals/withdrawal-list")),
  withdrawalPage: chunk(() => import("@/features/withdrawals/withdrawal-page")),
  settingsShell: chunk(() => import("./settings-shell")),
  settings: chunk(() => import("@/features/settings/settings-page")),
  channels: chunk(() => import("@/features/channels/channels-page")),
  channelAccount: chunk(() => import("@/features/channels/account-page")),
  serviceLevels: chunk(() => import("@/features/service-levels/service-levels-page")),
  slaPolicy: chunk(() => import("@/features/service-levels/policy-page")),
  slaCalendar: chunk(() => import("@/features/service-levels/calendar-page")),
  contacts: chunk(() => import("@/features/contacts/contacts-page")),
  satisfaction: chunk(() => import("@/features/contacts/satisfaction-page")),
  team: chunk(() => import("@/features/team/team-page")),
  canned: chunk(() => import("@/features/replies/canned-page")),
  macros: chunk(() => import("@/features/replies/macros-page")),
  writing: chunk(() => import("@/features/replies/writing-page")),
  rules: chunk(() => import("@/features/rules/rules-page")),
  rule: chunk(() => import("@/features/rules/rule-page")),
  notices: chunk(() => import("@/features/notices/notices-page")),
  noticeSettings: chunk(() => import("@/features/notices/settings-page")),
  marks: chunk(() => import("@/features/marks/marks-page")),
  policies: chunk(() => import("@/features/policies/policies-page")),
  reasons: chunk(() => import("@/features/policies/reasons-page")),
  words: chunk(() => import("@/features/words/words-page")),
};

const ReturnCard = part(chunks.returnCard, (it) => it.ReturnCard);
const ReturnList = part(chunks.returnList, (it) => it.ReturnList);
const ReturnPage = part(chunks.returnPage, (it) => it.ReturnPage);
const ReturnPopup = part(chunks.returnPopup, (it) => it.ReturnPopup);
const RepairCard = part(chunks.repairCard, (it) => it.RepairCard);
const RepairList = part(chunks.repairList, (it) => it.RepairList);
const RepairPage = part(chunks.repairPage, (it) => it.RepairPage);
const PartCard = part(chunks.partCard, (it) => it.PartCard);
const PartList = part(chunks.partList, (it) => it.PartList);
const PartPage = part(chunks.partPage, (it) => it.PartPage);
const PackingPage = part(chunks.packingPage, (it) => it.PackingPage);
const ReceivingPage = part(chunks.receiving, (it) => it.ReceivingPage);
const ReceivingSheetPage = part(chunks.receiving, (it) => it.ReceivingSheetPage);
const StrayPage = part(chunks.stray, (it) => it.StrayPage);
const TeamPage = part(chunks.team, (it) => it.TeamPage);
const CannedPage = part(chunks.canned, (it) => it.CannedPage);
const CannedReplyPage = part(chunks.canned, (it) => it.CannedReplyPage);
const MacrosPage = part(chunks.macros, (it) => it.MacrosPage);
const MacroPage = part(chunks.macros, (it) => it.MacroPage);
const WritingPage = part(chunks.writing, (it) => it.WritingPage);
const RulesPage = part(chunks.rules, (it) => it.RulesPage);
const RulePage = part(chunks.rule, (it) => it.RulePage);
const NoticesPage = part(chunks.notices, (it) => it.NoticesPage);
const NoticeSettingsPage = part(chunks.noticeSettings, (it) => it.NoticeSettingsPage);
const MarksPage = part(chunks.marks, (it) => it.MarksPage);
const PoliciesPage = part(chunks.policies, (it) => it.PoliciesPage);
const ReasonsPage = part(chunks.reasons, (it) => it.ReasonsPage);
const ParcelSection = part(chunks.parcels, (it) => it.ParcelSection);
const ProvidersPage = part(chunks.providers, (it) => it.ProvidersPage);
const WithdrawalCard = part(chunks.withdrawalCard, (it) => it.WithdrawalCard);
const WithdrawalList = part(chunks.withdrawalList, (it) => it.WithdrawalList);
const WithdrawalPage = part(chunks.withdrawalPage, (it) => it.WithdrawalPage);
const WordsPage = part(chunks.words, (it) => it.WordsPage);
const ChannelsPage = part(chunks.channels, (it) => it.ChannelsPage);
const AccountPage = part(chunks.channelAccount, (it) => it.AccountPage);
const NewAccountPage = part(chunks.channelAccount, (it) => it.NewAccountPage);
const ServiceLevelsPage = part(chunks.serviceLevels, (it) => it.ServiceLevelsPage);
const SlaPolicyPage = part(chunks.slaPolicy, (it) => it.PolicyPage);
const SlaCalendarPage = part(chunks.slaCalendar, (it) => it.CalendarPage);
const ContactsPage = part(chunks.contacts, (it) => it.ContactsPage);
const SatisfactionPage = part(chunks.satisfaction, (it) => it.SatisfactionPage);
const SettingsShell = part(chunks.settingsShell, (it) => it.SettingsShell);
const SettingsPage = part(chunks.settings, (it) => it.SettingsPage);

const CallsPage = part(chunks.calls, (it) => it.CallsPage);
const MailTroubles = part(chunks.mailTroubles, (it) => it.MailTroubles);

const PREFETCH_AFTER_MS = 3_000;

/**
 * Fetches every screen once the first one has had its time: after a deploy the old chunks are gone, and
 * somebody in the middle of something need not load the new version for the next screen.
 */
function usePrefetch(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => prefetch(...Object.values(chunks)), PREFETCH_AFTER_MS);
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
  const waiting = <div className={styles.waiting} />;
  const inside = (
    <Door path={path}>
      <Suspense fallback={waiting}>
        <Screens />
      </Suspense>
    </Door>
  );
  return path.startsWith("/settings") ? (
    <Suspense fallback={waiting}>
      <SettingsShell>{inside}</SettingsShell>
    </Suspense>
  ) : (
    inside
  );
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
