"""Lists of returns as staff work through them: views, filters and search, each with an index that carries it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.models import Parcel

from .models import Return, ReturnLine, ReturnState

S = ReturnState


class View(StrEnum):
    """What is to be done with the returns of a list."""

    ALL = "all"
    TO_DECIDE = "to_decide"  #: requested, or answered: somebody has to say yes or no
    WAITING_FOR_CUSTOMER = "waiting_for_customer"  #: a question is open
    WAITING_FOR_PARCEL = "waiting_for_parcel"  #: approved, or on its way
    HELD_UP = "held_up"  #: with the customer, without a label that a carrier takes
    TO_RECEIVE = "to_receive"  #: at the warehouse, unopened
    TO_SETTLE = "to_settle"  #: opened: the money can be put right
    REFUND_OVERDUE = "refund_overdue"  #: the last day for the money has passed
    EXPIRED = "expired"
    CLOSED = "closed"


_STATES = {
    View.TO_DECIDE: (S.REQUESTED,),
    View.WAITING_FOR_CUSTOMER: (S.MORE_INFO,),
    View.WAITING_FOR_PARCEL: (S.APPROVED, S.IN_TRANSIT, S.LOST),
    View.TO_RECEIVE: (S.ARRIVED,),
    View.TO_SETTLE: (S.RECEIVED,),
    View.EXPIRED: (S.EXPIRED,),
    View.CLOSED: (S.RESOLVED, S.DECLINED, S.CANCELED),
}
#: A search that finds more than so many returns finds the newest of them.
MAX_FOUND: Final = 2000
#: States in which no money is due any more.
_DONE = (S.RESOLVED, S.DECLINED, S.CANCELED)


@dataclass(frozen=True, kw_only=True)
class ReturnFilter:
    """Which returns somebody wants to see; None does not filter, an empty collection lets nothing through."""

    view: View = View.ALL
    states: Collection[str] | None = None
    bases: Collection[str] | None = None
    reasons: Collection[str] | None = None
    channels: Collection[str] | None = None
    requested_from: datetime | None = None  #: inclusive
    requested_to: datetime | None = None  #: exclusive
    search: str = ""  #: a number, an e-mail, a tracking number or an SKU, exactly


def in_view(rows: QuerySet[Return], view: View, *, today: date) -> QuerySet[Return]:
    """The rows that a view shows; ``today`` in the shop's time zone."""
    if view == View.REFUND_OVERDUE:
        return rows.filter(refund_due_on__lt=today).exclude(state__in=_DONE)
    if view == View.HELD_UP:
        return rows.exclude(hitch="")
    return rows.filter(state__in=_STATES[view]) if view in _STATES else rows


def matching(rows: QuerySet[Return], wanted: ReturnFilter, *, shop: Shop, today: date) -> QuerySet[Return]:
    """The rows that ``wanted`` describes; ``rows`` are held to the shop, and to the asking person, already."""
    rows = in_view(rows, wanted.view, today=today)
    if wanted.states is not None:
        rows = rows.filter(state__in=list(wanted.states))
    if wanted.bases is not None:
        rows = rows.filter(legal_basis__in=list(wanted.bases))
    if wanted.channels is not None:
        rows = rows.filter(order__channel__in=list(wanted.channels))
    if wanted.reasons is not None:
        rows = rows.filter(Exists(ReturnLine.objects.filter(ret=OuterRef("pk"), reason__in=list(wanted.reasons))))
    if wanted.requested_from is not None:
        rows = rows.filter(requested_at__gte=wanted.requested_from)
    if wanted.requested_to is not None:
        rows = rows.filter(requested_at__lt=wanted.requested_to)
    text = wanted.search.strip()
    return rows.filter(_found_by(text, shop)) if text else rows


def _found_by(text: str, shop: Shop) -> Q:
    """The keys of what is meant: each way of finding has an index of its own, which one large OR would not use."""
    rows = Return.objects.filter(shop=shop)
    lines = OrderLine.objects.filter(sku=text, return_lines__ret__shop=shop).exclude(sku="")
    orders = Order.objects.filter(shop=shop)
    parcels = Parcel.objects.filter(shop=shop, subject="return", tracking_number=text).exclude(tracking_number="")
    found = [
        rows.filter(number=text.upper()),
        rows.filter(order__in=orders.filter(number=text.lstrip("#"))),
        rows.filter(order__in=orders.filter(email=text.lower())),
        rows.filter(gift_recipient_email=text.lower()),
        rows.filter(lines__order_line__in=lines),
        rows.filter(pk__in=parcels.values("subject_id")),
    ]
    first, *others = (one.order_by().values("pk") for one in found)
    return Q(pk__in=[row["pk"] for row in first.union(*others).order_by("-pk")[:MAX_FOUND]])


def counts(shop: Shop, *, today: date) -> dict[View, int]:
    """How many returns wait in each view that wants work, for the tabs; one query per view, each by its index."""
    rows = Return.objects.filter(shop=shop)
    working = [view for view in View if view not in {View.ALL, View.CLOSED}]
    return {view: in_view(rows, view, today=today).count() for view in working}
