"""Which roles may do what: every query and every mutation of the API, in one place.

This is about members of staff only, and comes on top of Saleor's permissions, which each operation declares itself.
An operation that no group names is open to administrators and agents; a test asks for a name all the same.
"""

from __future__ import annotations

from typing import Final

from saleor_aftercare.team.models import Role

_A, _G, _O, _W = Role.ADMINISTRATOR, Role.AGENT, Role.OUTSOURCED, Role.WAREHOUSE


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Everybody: who they are themselves, and what any visitor of the shop may read.
EVERYBODY: Final = _names("""
    viewer shop returnClause returnPolicyPage returnReasons withdrawalInfo guestAccessRequest guestAccessConfirm
    withdrawalDeclare messageSend contactForm contactFormSend notices noticeCount noticesMarkRead noticePreferences
    noticePreferencesUpdate keyboardUpdate myAccess myAbsences absenceSave absenceDelete
""")
#: Who has to do with a case, of those that are theirs to see.
CASES: Final = _names("""
    order orders return returns repairRequest repairRequests sparePartRequest sparePartRequests withdrawal
    withdrawals exchangeOptions returnEligibility returnRequestPreview returnLabelCreate returnMarkSent
    returnMarkArrived returnMarkLost deliveryConfirm parcelTrackingSet parcelRetry parcelVoid parcelMarkArrived
    parcelMarkLost parcelMarkReturned parcelMarkSent parcelReplace parcelHandoverSet returnParcelAdd returnAddPhotos
""")
#: Who talks with customers, about conversations that are theirs to see.
DESK: Final = _names("""
    snoozePresets ticketSnooze ticketOrderLink ticketCaseLink ticketsMerge ticketSplit ticketMergeUndo
    ticketFollowUp tags ticketFieldDefinitions person personUpdate ticket ticketMessage tickets ticketCounts
    inboxViews searchHelp inboxViewSave inboxViewDelete inboxViewsSort bulkAction bulkActionStart
    bulkActionConfirm bulkActionStop bulkActionUndo changesSince staffMembers customer teams ticketTeamSet
    ticketReply ticketReplyTakeBack
    ticketNoteAdd ticketDraftSave ticketDraftAttach ticketDraftDetach ticketPresenceGive callLog replyPreview
    writingPreferences writingPreferencesSave cannedReplies cannedReplySuggestions cannedReplyFilled
    templateVariables cannedReplySave cannedReplyDelete cannedReplyAttach cannedRepliesImport macros macroPlan
    macroRun macroRunRetry slaExplanation ticketAssign ticketUpdate ticketMarkRead ticketMessageResend
    returnRequestCreate returnCancel
    returnAnswerQuestion returnApprove returnDecline returnAsk returnRenew returnKeepItems returnResolutionChange
    returnSettle repairRequestCreate repairRequestAccept repairRequestDecline sparePartRequestCreate
    sparePartRequestAccept sparePartRequestDecline withdrawalProveSending
""")
#: Who stands where goods come in and go out.
DOCK: Final = _names("""
    receivingArrive receivingReceive receivingReject receivingSendBackDecide receivingSendBackDone receivingInspect
    receivingInspectionVoid receivingBookingRetry receivingBookedByHand strayParcelCreate strayParcelMatch
    strayParcelClose strayParcelReturnCreate strayParcelOrders scannerPhoneOffer scannerPhoneRevoke scannerPhonePair
    receivingScan receivingReturn receivingReturns receivingBookings strayParcels strayParcel receivingCounts
    warehouses scannerPhones defaultWarehouse returnReceive repairRequestCheckIn repairRequestTakeBack
    returnFormsPrint apologyLetter apologyLetterPrint ordersToDispatch parcelsToList carrierLists carrierListCreate
    carrierListReadBack parcelLabelUpload labelProviders parcelDefaults returnUndeliverableCreate
""")
#: Who may see and decide everything about customers, and take lists out of the shop.
OFFICE: Final = _names("""
    calls caller callBackSet callBackDone callBackCount ringingCalls tagUses people personIdentityAdd
    personIdentityRemove personsMerge personMergeUndo settings connectionHealth returnPolicy returnPolicyPreset
    returnPolicyPreview returnReasonCatalogue shopWords businessCalendars slaPolicies holidayCountries holidays
    surveySettings surveyFigures surveyComments handledMonth handledMonths handledContacts handledContactsExport
    channelAccounts channelAccount channelAdapters channelSignaturePreview inboundMessages inboundRetry inboundDismiss
    saleorReasons returnViewCounts returnOverride returnClose returnsBulkUpdate returnExchangeReoffer settlementRetry
    storeCreditReveal refundRetry replacementRetry replacementCancel replacementCharge withdrawalCarryOut macroSave
    macroDelete cannedRepliesExport withdrawalMatch withdrawalMarkOutOfScope withdrawalReopen jobRetry rules ruleRuns
""")
#: Who decides how the shop works.
LEADERS: Final = _names("""
    tagSave tagsMerge ticketFieldSave ticketFieldArchive ticketFieldsOrder channelAccountCreate channelAccountUpdate
    channelAccountDelete channelAccountTest channelAccountSendTest channelAccountPoll channelAccountConnect
    channelAccountDoorsRenew businessCalendarSave businessCalendarDelete slaPolicySave slaPolicyRetire
    slaPoliciesOrder surveySettingsSave handledMonthClose handledContactVoid settingsUpdate labelProviderUpdate
    labelProviderTest parcelDefaultsUpdate shopWordsUpdate returnPolicyUpdate returnReasonSave returnReasonsOrder
    defaultWarehouseSet roleRules roleRulesSave permissionGroups teamSave teamArchive staffProfiles staffProfileSave
    noticeHooks noticeHookSave noticeHookDelete noticeHookTest ruleSave ruleDelete ruleMove ruleEnable ruleTest
    ruleTrialStart ruleTrialStop ruleTrial
""")

GROUPS: Final = (
    (EVERYBODY, frozenset(Role)),
    (CASES, frozenset({_A, _G, _O, _W})),
    (DESK, frozenset({_A, _G, _O})),
    (DOCK, frozenset({_A, _G, _W})),
    (OFFICE, frozenset({_A, _G})),
    (LEADERS, frozenset({_A})),
)
#: What the API calls the groups that not everybody opens.
ROOMS: Final = dict(zip(("CASES", "DESK", "DOCK", "OFFICE", "LEADERS"), GROUPS[1:], strict=True))
_ROLES: Final = {name: roles for names, roles in GROUPS for name in names}
_UNNAMED: Final = frozenset({_A, _G})


def may(role: Role, operation: str) -> bool:
    """Whether somebody of ``role`` may use ``operation``, by its name in the schema."""
    return role in _ROLES.get(operation, _UNNAMED)


def rooms_of(role: Role) -> list[str]:
    """The groups of operations that somebody of ``role`` may use, by their names in the API."""
    return [room for room, (_operations, roles) in ROOMS.items() if role in roles]
