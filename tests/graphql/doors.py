"""Who may do and read what, as tables: every mutation and every root query of the API, about a world of one of each."""

from __future__ import annotations

from saleor_aftercare.compensation.models import RefundState, SettlementState, StoreCreditState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import JobState, Shop
from saleor_aftercare.inbox.models import CaseKind
from tests.graphql import dock
from tests.graphql.api import shop_with_key
from tests.make import (
    DAY,
    NOON,
    make_job,
    make_order,
    make_refund,
    make_repair,
    make_replacement,
    make_return,
    make_settlement,
    make_spare_part,
    make_staff,
    make_store_credit,
    make_ticket,
    make_withdrawal,
)
from tests.make.channels import make_channel_account
from tests.make.doors import make_call
from tests.make.parcels import make_parcel

ORDERS, PAYMENTS = "MANAGE_ORDERS", "HANDLE_PAYMENTS"


class World:
    """One shop with one of everything, all about one order."""

    def __init__(self) -> None:
        self.shop: Shop = shop_with_key()
        self.order: Order = make_order(self.shop, delivered=NOON - DAY)
        self.ret = make_return(self.order)
        self.refund = make_refund(self.ret, state=RefundState.NEEDS_STAFF)
        self.settlement = make_settlement(self.ret, state=SettlementState.FAILED)
        self.credit = make_store_credit(self.ret, state=StoreCreditState.ISSUED)
        self.replacement = make_replacement(self.ret)
        self.parcel = make_parcel(self.order, subject_id=self.ret.pk)
        self.withdrawal = make_withdrawal(self.order)
        self.repair = make_repair(self.order)
        self.part = make_spare_part(self.order)
        self.ticket = make_ticket(self.order, about=(CaseKind.RETURN, self.ret.pk))
        self.member = make_staff(self.shop)
        self.account = make_channel_account(self.shop)
        self.call = make_call(self.shop)
        self.job = make_job(self.shop, state=JobState.FAILED)

    def ids(self) -> dict[str, str]:
        """Every id that a document below may name."""
        return {
            "RETURN": to_global_id("Return", self.ret.pk),
            "REFUND": to_global_id("Refund", self.refund.pk),
            "RETURN_LINE": to_global_id("ReturnLine", self.ret.lines.get().pk),
            "REPLACEMENT": to_global_id("Replacement", self.replacement.pk),
            "SETTLEMENT": to_global_id("Settlement", self.settlement.pk),
            "CREDIT": to_global_id("StoreCredit", self.credit.pk),
            "PARCEL": to_global_id("Parcel", self.parcel.pk),
            "WITHDRAWAL": to_global_id("Withdrawal", self.withdrawal.pk),
            "REPAIR": to_global_id("RepairRequest", self.repair.pk),
            "PART": to_global_id("SparePartRequest", self.part.pk),
            "TICKET": to_global_id("Ticket", self.ticket.pk),
            "MESSAGE": to_global_id("TicketMessage", self.ticket.last_message_id),
            "ACCOUNT": to_global_id("ChannelAccount", self.account.pk),
            "CALL": to_global_id("Call", self.call.pk),
            "JOB": to_global_id("Job", self.job.pk),
            "ORDER": self.order.saleor_id,
            "LINE": self.order.lines.get().saleor_id,
            "FULFILLMENT": self.order.fulfillments.get().saleor_id,
            "EMAIL": self.order.email,
        }

    def fill(self, text: str) -> str:
        """The document about this world."""
        for name, value in self.ids().items():
            text = text.replace(f"<{name}>", f'"{value}"')
        return text


#: Every staff mutation: arguments, and the permissions that it needs, all of them.
STAFF = {
    "returnApprove": ("id: <RETURN>", [ORDERS]),
    "returnDecline": ('id: <RETURN>, reason: "no"', [ORDERS]),
    "returnReceive": ("id: <RETURN>", [ORDERS]),
    "returnAsk": ('id: <RETURN>, question: "Which?"', [ORDERS]),
    "returnOverride": ('id: <RETURN>, reason: "Kind"', [ORDERS]),
    "returnRenew": ("id: <RETURN>", [ORDERS]),
    "returnMarkSent": ("id: <RETURN>", [ORDERS]),
    "returnMarkArrived": ("id: <RETURN>", [ORDERS]),
    "returnMarkLost": ("id: <RETURN>", [ORDERS]),
    "returnKeepItems": ("id: <RETURN>", [ORDERS]),
    "returnClose": ('id: <RETURN>, note: "Nothing due"', [ORDERS]),
    "returnResolutionChange": ("id: <RETURN>, lineId: <RETURN_LINE>, resolution: EXCHANGE", [ORDERS]),
    "returnUndeliverableCreate": ("fulfillmentId: <FULFILLMENT>", [ORDERS]),
    "returnsBulkUpdate": ("ids: [<RETURN>], action: APPROVE", [ORDERS]),
    "returnLabelCreate": ("id: <RETURN>", [ORDERS]),
    "returnSettle": ('id: <RETURN>, input: {fingerprint: "f", idempotencyKey: "k"}', [ORDERS, PAYMENTS]),
    "settlementRetry": ("id: <SETTLEMENT>", [ORDERS, PAYMENTS]),
    "storeCreditReveal": ("id: <CREDIT>", [ORDERS, PAYMENTS]),
    "returnExchangeReoffer": (
        'id: <REPLACEMENT>, lines: [{returnLineId: <RETURN_LINE>, variantId: "UHJvZHVjdFZhcmlhbnQ6MQ=="}]',
        [ORDERS],
    ),
    "replacementRetry": ("id: <REPLACEMENT>", [ORDERS]),
    "replacementCancel": ("id: <REPLACEMENT>", [ORDERS]),
    "replacementCharge": ("id: <REPLACEMENT>", [ORDERS]),
    "apologyLetterPrint": ('replacementId: <REPLACEMENT>, subject: "S", body: "B"', [ORDERS]),
    "parcelTrackingSet": ('id: <PARCEL>, trackingNumber: "1Z"', [ORDERS]),
    "parcelRetry": ("id: <PARCEL>", [ORDERS]),
    "parcelVoid": ("id: <PARCEL>", [ORDERS]),
    "parcelMarkArrived": ("id: <PARCEL>", [ORDERS]),
    "parcelMarkLost": ("id: <PARCEL>", [ORDERS]),
    "parcelMarkReturned": ("id: <PARCEL>", [ORDERS]),
    "withdrawalCarryOut": ("id: <WITHDRAWAL>", [ORDERS]),
    "withdrawalMatch": ('id: <WITHDRAWAL>, orderNumber: "1"', [ORDERS]),
    "withdrawalMarkOutOfScope": ('id: <WITHDRAWAL>, reason: "A business"', [ORDERS]),
    "withdrawalReopen": ("id: <WITHDRAWAL>", [ORDERS]),
    "returnFormsPrint": ("orderIds: [<ORDER>]", [ORDERS]),
    "refundRetry": ("id: <REFUND>", [ORDERS, PAYMENTS]),
    "repairRequestAccept": ("id: <REPAIR>", [ORDERS]),
    "repairRequestDecline": ('id: <REPAIR>, reason: "no"', [ORDERS]),
    "repairRequestCheckIn": ("id: <REPAIR>", [ORDERS]),
    "repairRequestTakeBack": ("id: <REPAIR>", [ORDERS]),
    "sparePartRequestAccept": ("id: <PART>", [ORDERS]),
    "sparePartRequestDecline": ('id: <PART>, reason: "no"', [ORDERS]),
    "ticketReply": ('id: <TICKET>, input: {body: "Hi", lastSeenMessageId: <MESSAGE>}', [ORDERS]),
    "ticketNoteAdd": ('id: <TICKET>, body: "Hm"', [ORDERS]),
    "ticketDraftSave": ('id: <TICKET>, input: {body: "Hm", version: 0}', [ORDERS]),
    "ticketDraftAttach": ("id: <TICKET>, files: []", [ORDERS]),
    "ticketDraftDetach": ('id: <TICKET>, fileId: "RmlsZTox"', [ORDERS]),
    "ticketPresenceGive": ("id: <TICKET>", [ORDERS]),
    "ticketAssign": ("id: <TICKET>, toMe: true", [ORDERS]),
    "ticketTeamSet": ("id: <TICKET>, teamId: null", [ORDERS]),
    "ticketUpdate": ('id: <TICKET>, input: {action: "solve"}', [ORDERS]),
    "ticketMarkRead": ("id: <TICKET>", [ORDERS]),
    "ticketSnooze": ("id: <TICKET>, preset: TOMORROW", [ORDERS]),
    "ticketOrderLink": ("id: <TICKET>, orderId: null", [ORDERS]),
    "ticketCaseLink": ("id: <TICKET>, caseId: <RETURN>", [ORDERS]),
    "ticketsMerge": ("id: <TICKET>, otherIds: [<TICKET>]", [ORDERS]),
    "ticketSplit": ('id: <TICKET>, messageIds: [<MESSAGE>], subject: "Spoons"', [ORDERS]),
    "ticketFollowUp": ('id: <TICKET>, subject: "Again"', [ORDERS]),
    "ticketMergeUndo": ('id: "VGlja2V0TWVyZ2U6MQ=="', [ORDERS]),
    "personUpdate": ('id: "UGVyc29uOjE=", input: {isVip: true}', [ORDERS]),
    "personIdentityAdd": ('id: "UGVyc29uOjE=", kind: EMAIL, value: "a@b.test"', [ORDERS]),
    "personIdentityRemove": ('id: "SWRlbnRpdHk6MQ=="', [ORDERS]),
    "personsMerge": ('id: "UGVyc29uOjE=", otherId: "UGVyc29uOjE="', [ORDERS]),
    "personMergeUndo": ('id: "UGVyc29uTWVyZ2U6MQ=="', [ORDERS]),
    "tagSave": ('id: "VGFnOjE=", name: "Glass"', ["MANAGE_SETTINGS"]),
    "tagsMerge": ('id: "VGFnOjE=", otherId: "VGFnOjE="', ["MANAGE_SETTINGS"]),
    "ticketFieldSave": (
        'id: "VGlja2V0RmllbGREZWZpbml0aW9uOjE=", input: {key: "a", kind: TEXT, labels: [{language: "en", text: "A"}]}',
        ["MANAGE_SETTINGS"],
    ),
    "ticketFieldArchive": ('id: "VGlja2V0RmllbGREZWZpbml0aW9uOjE=", archived: true', ["MANAGE_SETTINGS"]),
    "ticketFieldsOrder": ('ids: ["VGlja2V0RmllbGREZWZpbml0aW9uOjE="]', ["MANAGE_SETTINGS"]),
    "callLog": ("input: {isInbound: true, outcome: ANSWERED, ticketId: <TICKET>}", [ORDERS]),
    "callBackSet": ("id: <CALL>", [ORDERS]),
    "callBackDone": ("id: <CALL>", [ORDERS]),
    "deliveryConfirm": ("fulfillmentId: <FULFILLMENT>", [ORDERS]),
    "settingsUpdate": ('input: {version: 1, senderName: "X"}', ["MANAGE_SETTINGS"]),
    "jobRetry": ("id: <JOB>", [ORDERS]),
}
#: Every mutation that customers and guests may call, with what they are about.
CUSTOMERS = {
    "returnRequestCreate": 'input: {orderId: <ORDER>, lines: [{orderLineId: <LINE>, quantity: 1, reason: "other"}]}',
    "returnCancel": "id: <RETURN>",
    "returnAnswerQuestion": 'id: <RETURN>, text: "The red one"',
    "returnAddPhotos": 'id: <RETURN>, note: "The other side"',
    "repairRequestCreate": 'input: {orderId: <ORDER>, orderLineId: <LINE>, description: "Broken"}',
    "sparePartRequestCreate": 'input: {orderId: <ORDER>, orderLineId: <LINE>, partDescription: "A spring"}',
    "parcelMarkSent": "id: <PARCEL>",
    "returnParcelAdd": "id: <RETURN>",
    "parcelReplace": "id: <PARCEL>",
    "parcelHandoverSet": "id: <PARCEL>, handover: LABEL",
    "withdrawalProveSending": 'id: <WITHDRAWAL>, trackingNumber: "1Z"',
    "messageSend": 'input: {orderId: <ORDER>, body: "Hello"}',
}
OPEN = {"guestAccessRequest", "guestAccessConfirm", "withdrawalDeclare", "contactFormSend"}
#: What settings and files are needed for has tests of its own: test_parcels.py, test_papers.py, test_letters.py.
ELSEWHERE = {"labelProviderUpdate", "labelProviderTest", "shopWordsUpdate"}
#: What is done with accounts of channels: test_channel_accounts.py.
ELSEWHERE |= {f"channelAccount{verb}" for verb in ("Create", "Update", "Delete", "Test", "SendTest", "Poll")}
ELSEWHERE |= {"channelAccountConnect", "channelAccountDoorsRenew"}
#: Writing: see test_writing.py.
ELSEWHERE |= {"ticketReplyTakeBack", "writingPreferencesSave", "keyboardUpdate", "cannedReplySave", "cannedReplyDelete"}
ELSEWHERE |= {"cannedRepliesExport", "cannedRepliesImport"}
ELSEWHERE |= {"cannedReplyAttach", "macroSave", "macroDelete", "macroRun", "macroRunRetry"}
ELSEWHERE |= {"parcelDefaultsUpdate", "parcelLabelUpload", "carrierListCreate", "carrierListReadBack"}
#: Service levels, satisfaction, handled contacts: test_service_levels.py.
ELSEWHERE |= {"businessCalendarSave", "businessCalendarDelete", "slaPolicySave", "slaPolicyRetire", "slaPoliciesOrder"}
ELSEWHERE |= {"surveySettingsSave", "handledMonthClose", "handledContactVoid", "handledContactsExport"}
#: Views and many conversations at once: test_views.py.
ELSEWHERE |= {"inboxViewSave", "inboxViewDelete", "inboxViewsSort"}
ELSEWHERE |= {"bulkActionStart", "bulkActionConfirm", "bulkActionStop", "bulkActionUndo"}
#: What is done with mails as they came: test_inbound.py.
ELSEWHERE |= {"ticketMessageResend", "inboundRetry", "inboundDismiss"}
#: What is decided about the team, and what everybody decides for themselves: test_team.py, test_roles.py.
ELSEWHERE |= {"roleRulesSave", "teamSave", "teamArchive", "staffProfileSave", "absenceSave", "absenceDelete"}
ELSEWHERE |= {"noticesMarkRead", "noticePreferencesUpdate", "noticeHookSave", "noticeHookTest", "noticeHookDelete"}
ELSEWHERE |= {"ruleSave", "ruleEnable", "ruleMove", "ruleDelete", "ruleTest", "ruleTrialStart", "ruleTrialStop"}
#: What people at the warehouse do and read has tables of its own: see test_receiving.py.
WAREHOUSE = {*dock.MUTATIONS, *dock.IN_PERSON, *dock.OTHERS}
WAREHOUSE_QUERIES = set(dock.QUERIES)
#: What staff promise takes a whole document: see test_policies.py.
PROMISES = {"returnPolicyUpdate", "returnReasonSave", "returnReasonsOrder"}
PROMISES_QUERIES = {"returnPolicyPreview"}

#: Every root query for staff.
STAFF_QUERIES = {
    "tickets": "{ tickets { totalCount } }",
    "ticketCounts": "{ ticketCounts { count } }",
    "ticket": "{ ticket(number: 1) { id } }",
    "changesSince": "{ changesSince { cursor } }",
    "inboxViews": "{ inboxViews { id } }",
    "searchHelp": '{ searchHelp(text: "is:open") { query } }',
    "bulkAction": "{ bulkAction { id } }",
    "staffMembers": "{ staffMembers { id } }",
    "teams": "{ teams { id } }",
    "roleRules": "{ roleRules { group } }",
    "permissionGroups": "{ permissionGroups }",
    "staffProfiles": "{ staffProfiles { capacity } }",
    "noticeHooks": "{ noticeHooks { id } }",
    "rules": "{ rules { id } }",
    "ruleRuns": "{ ruleRuns { at } }",
    "ruleTrial": '{ ruleTrial(id: "UnVsZVRyaWFsOjE=") { id } }',
    "snoozePresets": "{ snoozePresets { preset at } }",
    "tags": "{ tags { id } }",
    "tagUses": "{ tagUses { ticketCount } }",
    "ticketFieldDefinitions": "{ ticketFieldDefinitions { key } }",
    "person": '{ person(id: "UGVyc29uOjE=") { id } }',
    "people": '{ people(search: "mei") { id } }',
    "inboundMessages": "{ inboundMessages { totalCount } }",
    "ticketMessage": '{ ticketMessage(id: "VGlja2V0TWVzc2FnZTox") { id } }',
    "writingPreferences": "{ writingPreferences { undoSeconds } }",
    "cannedReplies": "{ cannedReplies { id } }",
    "cannedReplySuggestions": '{ cannedReplySuggestions(ticketId: "VGlja2V0OjE=") { id } }',
    "cannedReplyFilled": '{ cannedReplyFilled(id: "Q2FubmVkUmVwbHk6MQ==", ticketId: "VGlja2V0OjE=") { text } }',
    "macros": "{ macros { id } }",
    "macroPlan": '{ macroPlan(id: "TWFjcm86MQ==", ticketId: "VGlja2V0OjE=") { possible } }',
    "replyPreview": '{ replyPreview(ticketId: "VGlja2V0OjE=", body: "x") }',
    "templateVariables": "{ templateVariables { name } }",
    "calls": "{ calls(which: ALL) { totalCount } }",
    "callBackCount": "{ callBackCount }",
    "ringingCalls": "{ ringingCalls { id } }",
    "caller": '{ caller(number: "+81312345678") { number } }',
    "customer": '{ customer(email: "a@b.test") { email } }',
    "settings": "{ settings { version } }",
    "connectionHealth": "{ connectionHealth { failedWebhooks } }",
    "returnPolicy": "{ returnPolicy { version } }",
    "returnPolicyPreset": "{ returnPolicyPreset(preset: JAPAN) { version } }",
    "returnReasonCatalogue": "{ returnReasonCatalogue { code } }",
    "returnViewCounts": "{ returnViewCounts { count } }",
    "labelProviders": "{ labelProviders { slug } }",
    "businessCalendars": "{ businessCalendars { id } }",
    "slaPolicies": "{ slaPolicies { id } }",
    "slaExplanation": '{ slaExplanation(ticketId: "VGlja2V0OjE=") { timeZone } }',
    "holidayCountries": "{ holidayCountries { code } }",
    "holidays": '{ holidays(country: "JP", year: 2026) { date } }',
    "surveySettings": "{ surveySettings { version } }",
    "surveyFigures": '{ surveyFigures(firstDay: "2026-01-01", lastDay: "2026-01-31") { asked } }',
    "surveyComments": '{ surveyComments(firstDay: "2026-01-01", lastDay: "2026-01-31") { id } }',
    "handledMonth": '{ handledMonth(month: "2026-01-01") { total } }',
    "handledMonths": "{ handledMonths }",
    "handledContacts": '{ handledContacts(month: "2026-01-01") { totalCount } }',
    "channelAccounts": "{ channelAccounts { id } }",
    "channelAccount": '{ channelAccount(id: "Q2hhbm5lbEFjY291bnQ6MQ==") { id } }',
    "channelSignaturePreview": '{ channelSignaturePreview(text: "x") }',
    "channelAdapters": '{ channelAdapters(kind: "email") { slug } }',
    "parcelDefaults": "{ parcelDefaults { weightG } }",
    "strayParcelOrders": '{ strayParcelOrders(text: "Hana") { id } }',
    "ordersToDispatch": "{ ordersToDispatch { id } }",
    "parcelsToList": '{ parcelsToList(provider: "yamato_b2") { id } }',
    "carrierLists": "{ carrierLists { id } }",
    "shopWords": "{ shopWords { version } }",
    "apologyLetter": '{ apologyLetter(replacementId: "UmVwbGFjZW1lbnQ6MQ==") { body } }',
    "saleorReasons": "{ saleorReasons { refunds { id } } }",
}
EVERYBODY = (
    {"returnPolicyPage", "returnClause", "returnReasons", "returnRequestPreview"}
    | {"withdrawal", "withdrawals", "withdrawalInfo", "returnEligibility", "contactForm"}
    | {"viewer", "shop", "exchangeOptions", "return", "returns", "order", "orders"}
    | {"repairRequest", "repairRequests", "sparePartRequest", "sparePartRequests"}
)
#: What any member of staff reads about themselves.
EVERYBODY |= {"myAccess", "myAbsences", "notices", "noticeCount", "noticePreferences"}
