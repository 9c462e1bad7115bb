"""What happened, in words: one sentence per kind of event, in the asking person's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.words import Words
from saleor_aftercare.replacements import words as replacement_words
from saleor_aftercare.returns import words as return_words
from saleor_aftercare.withdrawals import notices as withdrawal_words

#: Sentences that customers may read too.
PUBLIC: Final = {
    **return_words.PUBLIC,
    **replacement_words.PUBLIC,
    **withdrawal_words.PUBLIC,
    "refund.started": gettext_noop("A refund of %(amount)s is under way."),
    "refund.settled": gettext_noop("%(amount)s was refunded."),
    "store_credit.issued": gettext_noop("Store credit of %(amount)s was issued."),
}
#: Sentences for staff alone.
INTERNAL: Final = {
    "parcel.ready": gettext_noop("The label for parcel %(number)s is ready."),
    "parcel.handover_chosen": gettext_noop("It was chosen how parcel %(number)s is handed in."),
    "parcel.failed": gettext_noop("No label could be made for parcel %(number)s; choose another provider."),
    "parcel.needs_staff": gettext_noop(
        "It is not known whether a label was bought for parcel %(number)s; look with the provider."
    ),
    "parcel.awaits_label": gettext_noop("Parcel %(number)s waits for a label that you upload."),
    "parcel.in_transit": gettext_noop("Parcel %(number)s is on its way."),
    "parcel.arrived": gettext_noop("Parcel %(number)s arrived."),
    "parcel.lost": gettext_noop("The carrier has lost parcel %(number)s."),
    "parcel.returned": gettext_noop("The carrier brought parcel %(number)s back to the customer."),
    "parcel.expired": gettext_noop("The label of parcel %(number)s has expired unused."),
    "parcel.voided": gettext_noop("Parcel %(number)s was given up."),
    "parcel.void_failed": gettext_noop("The label of parcel %(number)s was not taken back; it may be billed."),
    **return_words.INTERNAL,
    **replacement_words.INTERNAL,
    **withdrawal_words.INTERNAL,
    "refund.failed": gettext_noop("The refund of %(amount)s failed."),
    "refund.needs_staff": gettext_noop("It is not clear whether %(amount)s was refunded; somebody has to look."),
    "settlement.started": gettext_noop("What is due was decided."),
    "settlement.settled": gettext_noop("All that is due was given."),
    "settlement.failed": gettext_noop("A part of what is due could not be given; somebody has to look."),
    "settlement.needs_staff": gettext_noop("It is not clear whether all that is due was given; somebody has to look."),
    "store_credit.failed": gettext_noop("Store credit of %(amount)s could not be issued."),
    "store_credit.needs_staff": gettext_noop(
        "It is not clear whether store credit of %(amount)s was issued; somebody has to look."
    ),
    "store_credit.revealed": gettext_noop("Somebody looked at the code of the store credit of %(amount)s."),
    "repair.requested": gettext_noop("A repair was requested."),
    "repair.accepted": gettext_noop("The repair was accepted."),
    "repair.slip_created": gettext_noop("The intake slip is ready."),
    "repair.declined": gettext_noop("The repair was declined."),
    "repair.checked_in": gettext_noop("The product arrived and is being repaired."),
    "repair.taken_back": gettext_noop("The product is not repaired after all."),
    "repair.canceled": gettext_noop("The repair request was cancelled."),
    "spare_part.requested": gettext_noop("A spare part was requested."),
    "spare_part.accepted": gettext_noop("The spare-part request was accepted."),
    "spare_part.declined": gettext_noop("The spare-part request was declined."),
    "spare_part.canceled": gettext_noop("The spare-part request was cancelled."),
    "survey.answered": gettext_noop("The customer rated our help: %(score)s of 5."),
    "survey.commented": gettext_noop("The customer rated our help: %(score)s of 5. “%(comment)s”"),
    "followup.answered": gettext_noop("The customer answered the arrival check."),
    "mail.failed": gettext_noop("A mail to the customer was refused; they do not have it."),
    "letter.bounced": gettext_noop("A mail to the customer came back; they do not have it. %(status)s"),
    "letter.complained": gettext_noop("The customer called a mail spam; nothing that they did not ask for is sent."),
    "ticket.acknowledged": gettext_noop("An automatic answer says that the message has arrived."),
    "mail.resent": gettext_noop("%(by)s sent a mail again that had not arrived."),
    "mail.lost": gettext_noop("It is not clear whether a mail to the customer has left; please look."),
    "message.not_sent": gettext_noop("The messenger did not take an answer; the customer does not have it."),
    "message.resent": gettext_noop("%(by)s sent an answer by the messenger again."),
    "message.lost": gettext_noop("It is not clear whether an answer has left by the messenger; please look."),
    "reply.not_sent": gettext_noop("An answer could not be sent and is a draft again: %(why)s"),
    "reply.move_failed": gettext_noop("The answer was sent; what was to be done with it was not possible any more."),
    "form.order_unknown": gettext_noop(
        "The customer named order %(number)s, which was not placed with this e-mail address."
    ),
    "call.no_answer": gettext_noop("We called %(number)s: nobody answered."),
    "call.busy": gettext_noop("We called %(number)s: the line was busy."),
    "call.voicemail": gettext_noop("We called %(number)s and spoke to the answering machine."),
    "call.missed": gettext_noop("We called %(number)s: the call was not taken."),
    "call.failed": gettext_noop("We called %(number)s: the call could not be connected."),
    "call.due": gettext_noop("It is time to call the customer back."),
    "chat.left": gettext_noop("The visitor left the chat before reading the last answer, and gave no e-mail address."),
    "chat.mailed": gettext_noop("The visitor has left the chat: what they did not read was sent by e-mail."),
    "line.unsent": gettext_noop("The customer took a message back."),
    "line.unfollowed": gettext_noop("The customer blocked the LINE account: answers there do not arrive."),
    "ticket.assigned": gettext_noop("%(by)s gave this to %(to)s."),
    "ticket.team_changed": gettext_noop("%(by)s moved this into the queue %(to)s."),
    "ticket.unassigned": gettext_noop("%(by)s put this back for anybody."),
    "ticket.restored": gettext_noop("%(by)s took an action on many conversations back; this one stands as before."),
    "ticket.solve": gettext_noop("%(by)s marked this as solved."),
    "ticket.wait": gettext_noop("%(by)s marked this as waiting for the customer."),
    "ticket.wait_for_others": gettext_noop("%(by)s marked this as waiting for somebody else."),
    "ticket.wake": gettext_noop("%(by)s took this up again."),
    "ticket.reopen": gettext_noop("%(by)s reopened this."),
    "ticket.close": gettext_noop("%(by)s closed this for good."),
    "ticket.spam": gettext_noop("%(by)s marked this as spam."),
    "ticket.not_spam": gettext_noop("%(by)s says this is no spam."),
    "ticket.snooze": gettext_noop("%(by)s put this off until %(until)s."),
    "ticket.woken": gettext_noop("The time for which this was put off is over."),
    "ticket.priority_low": gettext_noop("%(by)s set the priority to low."),
    "ticket.priority_normal": gettext_noop("%(by)s set the priority to normal."),
    "ticket.priority_high": gettext_noop("%(by)s set the priority to high."),
    "ticket.priority_urgent": gettext_noop("%(by)s set the priority to urgent."),
    "ticket.merged": gettext_noop("%(by)s merged #%(number)s into this conversation."),
    "ticket.merged_into": gettext_noop("%(by)s merged this conversation into #%(number)s."),
    "ticket.split": gettext_noop("%(by)s made the conversation #%(number)s of some messages."),
    "ticket.split_from": gettext_noop("%(by)s made this conversation of messages of #%(number)s."),
    "ticket.follows": gettext_noop("%(by)s began this conversation; it goes on from #%(number)s."),
    "ticket.followed": gettext_noop("%(by)s went on in #%(number)s."),
    "ticket.merge_undone": gettext_noop("%(by)s parted this from #%(number)s again."),
    "ticket.order_linked": gettext_noop("%(by)s linked order %(number)s."),
    "ticket.order_unlinked": gettext_noop("%(by)s took the order off."),
    "ticket.case_linked": gettext_noop("%(by)s brought %(number)s into this conversation."),
    "ticket.case_left": gettext_noop("%(by)s took %(number)s into another conversation."),
}


def sentence(kind: str, data: Mapping[str, Any], *, time_zone: str = "UTC") -> str:
    """The event as a sentence; its machine name for one that this release does not know.

    Moments are told on a clock of ``time_zone``.
    """
    text = PUBLIC.get(kind) or INTERNAL.get(kind)
    if text is None:
        return kind
    told = {name: value for name, value in data.items() if isinstance(value, str | int)}
    if "until" in told:
        words = Words((get_language() or "en").partition("-")[0], time_zone)
        told["until"] = words.moment(datetime.fromisoformat(str(told["until"])))
    blanks = defaultdict(str, {**told, "amount": _amount(data)})
    return _(text) % blanks


def _amount(data: Mapping[str, Any]) -> str:
    try:
        money = Money.of(data["amount"] if "amount" in data else data["due"], str(data.get("currency", "")))
    except (KeyError, InvalidInput):
        return ""
    return money.format(get_language() or "en")
