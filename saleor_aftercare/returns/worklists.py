"""What waits at the warehouse, list by list."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .goods import Booking, Inspection, StrayParcel, StrayState
from .models import Return, ReturnLine, ReturnState


class Worklist(StrEnum):
    """Returns that wait for the warehouse."""

    EXPECTED = "expected"  #: the parcel may come any day
    ARRIVED = "arrived"  #: the parcel is here, unopened
    TO_INSPECT = "to_inspect"  #: counted units wait to be judged
    TO_SEND_BACK = "to_send_back"  #: rejected units wait to go home


_EXPECTED = (ReturnState.APPROVED, ReturnState.IN_TRANSIT)
#: Bookings that somebody, or a job, still has to see to.
WAITING = (Booking.FAILED, Booking.BY_HAND, Booking.DUE)


def returns_on(shop: Shop, worklist: Worklist) -> QuerySet[Return]:
    """The returns on a list."""
    rows = Return.objects.filter(shop=shop)
    if worklist == Worklist.EXPECTED:
        return rows.filter(state__in=_EXPECTED)
    if worklist == Worklist.ARRIVED:
        return rows.filter(state=ReturnState.ARRIVED)
    if worklist == Worklist.TO_INSPECT:
        return rows.filter(uninspected__gt=0)
    rejected = ReturnLine.objects.filter(quantity_rejected__gt=0, ret__shop=shop)
    return rows.filter(
        pk__in=rejected.values("ret_id"),
        sendback_sent_at=None,
        state__in=[ReturnState.RECEIVED, ReturnState.RESOLVED],
    )


def bookings(shop: Shop) -> QuerySet[Inspection]:
    """Inspected units that are not in Saleor's stock yet and should be."""
    return Inspection.objects.filter(shop=shop, booking__in=WAITING)


def strays(shop: Shop, *, open_only: bool = True) -> QuerySet[StrayParcel]:
    """Parcels that nobody expected."""
    rows = StrayParcel.objects.filter(shop=shop)
    return rows.filter(state=StrayState.OPEN) if open_only else rows


def get_inspection(shop: Shop, pk: int) -> Inspection:
    """An inspection of this shop; raises NotFound."""
    found: Any = Inspection.objects.filter(shop=shop, pk=pk).select_related("shop", "line__order_line").first()
    if found is None:
        raise NotFound(_("There is no such inspection."))
    return found  # type: ignore[no-any-return]


def get_stray(shop: Shop, pk: int) -> StrayParcel:
    """A stray parcel of this shop; raises NotFound."""
    found = StrayParcel.objects.filter(shop=shop, pk=pk).select_related("shop").first()
    if found is None:
        raise NotFound(_("There is no such parcel."))
    return found
