"""Words of the warehouse: who may, and what states, grades and lists are called."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.access.phones import RECEIVING
from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.core.errors import PermissionDenied
from saleor_aftercare.returns.goods import Booking, Disposition, Grade, StrayState
from saleor_aftercare.returns.scanning import Match
from saleor_aftercare.returns.worklists import Worklist

from .core.context import MANAGE_ORDERS, Context
from .core.scalars import enum_from

MANAGE_PRODUCTS: Final = "MANAGE_PRODUCTS"


def warehouse_staff(ctx: Context) -> Staff:
    """The asking member of staff, who may receive goods; raises PermissionDenied."""
    person = ctx.staff()
    if not any(person.may(one) for one in (MANAGE_PRODUCTS, MANAGE_ORDERS, RECEIVING)):
        raise PermissionDenied(_("You need the permission %(code)s.") % {"code": MANAGE_PRODUCTS})
    return person


GradeEnum = enum_from(
    Grade,
    {"A": "As new.", "B": "Opened, like new.", "C": "Visible wear.", "D": "Damaged."},
    "What state returned units are in.",
)
DispositionEnum = enum_from(
    Disposition,
    {
        "RESTOCK": "Back to the stock of a warehouse.",
        "OUTLET": "Sold as second choice, from a warehouse or elsewhere.",
        "REPAIR": "To be repaired by the shop.",
        "SCRAP": "Thrown away.",
        "VENDOR": "Back to where the shop bought it.",
        "QUARANTINE": "Kept aside until somebody knows more.",
    },
    "Where returned units go.",
)
BookingEnum = enum_from(
    Booking,
    {
        "NONE": "They do not go to a stock.",
        "DUE": "They will be booked into Saleor's stock in a moment.",
        "BOOKED": "Saleor's stock has them.",
        "FAILED": "Saleor refused; somebody has to look.",
        "BY_HAND": "The app may not change stocks; somebody has to book them in Saleor.",
    },
    "How far units are on their way into Saleor's stock.",
    name="StockBooking",
)
StrayStateEnum = enum_from(
    StrayState,
    {
        "OPEN": "Nobody knows yet whose it is.",
        "MATCHED": "It belongs to a return.",
        "CLOSED": "Dealt with otherwise.",
    },
    "How far a parcel is that nobody expected.",
    name="StrayParcelState",
)
MatchEnum = enum_from(
    Match,
    {
        "NUMBER": "The return's own number.",
        "LABEL": "The reference or tracking number of the return's label.",
        "ORDER": "The order's number.",
        "OUTBOUND": "The tracking number with which the order left.",
        "SENDER": "The customer's name.",
        "STRAY": "A parcel that nobody expected, noted before.",
    },
    "Why something may be what was scanned.",
    name="ReceivingMatch",
)
WorklistEnum = enum_from(
    Worklist,
    {
        "EXPECTED": "The parcel may come any day.",
        "ARRIVED": "The parcel is here, unopened.",
        "TO_INSPECT": "Counted units wait to be judged.",
        "TO_SEND_BACK": "Rejected units wait to go home.",
    },
    "What waits at the warehouse.",
    name="ReceivingWorklist",
)
