"""What happened to a return, as one sentence each; shown by every timeline, ours and Saleor's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: Sentences that customers may read too.
PUBLIC: Final[Mapping[str, str]] = {
    "return.sent_back": gettext_noop("What was not accepted is on its way back."),
    "return.requested": gettext_noop("The return was requested."),
    "return.approved": gettext_noop("The return was approved."),
    "return.declined": gettext_noop("The return was declined."),
    "return.questioned": gettext_noop("The shop asked a question about the return."),
    "return.answered": gettext_noop("The question was answered."),
    "return.photos_added": gettext_noop("Photos or a note were added."),
    "return.canceled": gettext_noop("The return was cancelled."),
    "return.expired": gettext_noop("The return expired: no parcel came in time."),
    "return.renewed": gettext_noop("The return was opened again."),
    "return.sent": gettext_noop("The parcel is on its way."),
    "return.arrived": gettext_noop("The parcel arrived at the warehouse."),
    "return.lost": gettext_noop("The carrier lost the parcel."),
    "return.came_back": gettext_noop("The carrier brought the parcel back to the customer; it needs a new label."),
    "return.label_expired": gettext_noop("The label expired before the parcel was sent; it needs a new one."),
    "return.kept": gettext_noop("The goods stay with the customer, who need not send anything back."),
    "return.resolution_changed": gettext_noop("What is given for an item was changed."),
    "return.handed_to_repair": gettext_noop("Items of the return are repaired instead."),
    "return.received": gettext_noop("The goods arrived."),
    "return.resolved": gettext_noop("The return is completed."),
}
#: Sentences for staff alone.
INTERNAL: Final[Mapping[str, str]] = {
    "return.units_rejected": gettext_noop("Units were not accepted."),
    "return.send_back_decided": gettext_noop("It was decided how what was not accepted goes back."),
    "return.inspected": gettext_noop("Units were inspected."),
    "return.units_in_repair": gettext_noop("Units went to the workshop; the repair has a case of its own."),
    "return.inspection_voided": gettext_noop("An inspection was taken back."),
    "return.units_restocked": gettext_noop("Units are back in the stock."),
    "return.restock_failed": gettext_noop("Units could not be booked into the stock; somebody has to look."),
    "return.overridden": gettext_noop("Staff went beyond the return rules."),
    "return.without_label": gettext_noop("No return label could be made; somebody has to look."),
    "return.recorded": gettext_noop("Saleor shows the goods as returned."),
    "return.not_recorded": gettext_noop(
        "Saleor could not show the goods as returned: its order has changed meanwhile. Please compare the two."
    ),
}


def note_about(number: str, kind: str) -> str:
    """What Saleor's timeline says of an event of a return, in the present language; "" for nothing worth saying.

    >>> note_about("RMA-1001", "return.approved")
    'Return RMA-1001: The return was approved.'
    """
    sentence = PUBLIC.get(kind) or INTERNAL.get(kind)
    if sentence is None:
        return ""
    return _("Return %(number)s: %(what)s") % {"number": number, "what": _(sentence)}
