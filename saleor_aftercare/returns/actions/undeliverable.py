"""Parcels of ours that carriers bring back, because nobody took them: returns that nobody asked for (C1.12)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.events import Actor
from saleor_aftercare.returns.eligibility import units_with_customer
from saleor_aftercare.returns.models import Return

from .decide import approve_return
from .progress import mark_arrived, mark_sent
from .request import UnitsAsked, request_return

REASON: Final = "undeliverable"
SOURCE: Final = "warehouse"


@transaction.atomic
def record_undeliverable(fulfillment: Fulfillment, *, arrived: bool, at: datetime, actor: Actor) -> Return:
    """A return of everything in an outgoing parcel that comes, or came, back; it may be received without any refund.

    No label is made and nobody is asked: the goods are under way already. What becomes of the money, or whether the
    parcel is sent again, staff decide once it is here. Raises Refused when nothing of it can come back any more.
    """
    order = fulfillment.order
    there = units_with_customer(order)
    units: dict[int, UnitsAsked] = {}
    for part in fulfillment.lines.select_related("order_line").order_by("pk"):
        so_far = units[part.order_line_id].quantity if part.order_line_id in units else 0
        quantity = min(so_far + part.quantity, there.get(part.order_line_id, 0))
        if quantity:
            units[part.order_line_id] = UnitsAsked(part.order_line, quantity, REASON)
    if not units:
        raise Refused(_("Everything in this parcel was returned already."), "fulfillmentId")
    ret = request_return(
        order,
        units=list(units.values()),
        note="",
        at=at,
        actor=actor,
        source=SOURCE,
        override=_("The parcel came back undelivered."),
    )
    approve_return(ret, keep=False, parcel=False, at=at, actor=actor)
    if arrived:
        mark_arrived(ret, at=at, actor=actor)
    else:
        mark_sent(ret, at=at, actor=actor)
    return ret
