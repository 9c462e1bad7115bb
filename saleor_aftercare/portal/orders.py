"""A customer's orders: what was bought, where it is, and what may be done about each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet, Value
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.connection.models import DeliverySource, Fulfillment, Order, OrderLine
from saleor_aftercare.connection.orders import confirm_delivery, orders_of_customer
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.portal import messages
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.words import PART_STATES, REPAIR_STATES, RETURN_STATES, WITHDRAWAL_STATES, Label
from saleor_aftercare.repairs.models import RepairFor
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.queries import LineEligibility

#: What a list of orders shows.
NEWEST = 50


@dataclass(frozen=True)
class LineView:
    """An order line, and what the rules say about it today."""

    pk: int
    name: str
    variant: str
    picture: str
    quantity: int
    price: str
    returnable: int
    can_return: bool
    accepted: bool  #: without anybody looking at it first
    in_time: bool  #: it may come back by the shop's own rules, perhaps after somebody looked at it
    rule: str  #: a sentence: until when, or why not


@dataclass(frozen=True)
class Parcel:
    """A delivery, and what we know of its arrival."""

    number: int
    shipped: str
    tracking: str
    arrived: str  #: the day, when somebody who should know said so
    expected: str  #: the estimated day otherwise
    can_confirm: bool


@dataclass(frozen=True)
class CaseRow:
    """A return, a repair or spare-part request, or a declared withdrawal in a list."""

    kind: str | Promise
    number: str
    url: str
    label: Label
    since: str


def line_view(visit: Visit, order: Order, one: LineEligibility) -> LineView:
    """What the page says about one line."""
    line = one.order_line
    return LineView(
        pk=line.pk,
        name=line.product_name,
        variant="" if line.variant_name == line.product_name else line.variant_name,
        picture=line.thumbnail_url,
        quantity=line.quantity,
        price=visit.words.money(order.money(line.total)),
        returnable=one.returnable,
        can_return=one.verdict != Verdict.REFUSE and one.returnable > 0,
        accepted=one.verdict == Verdict.ACCEPT,
        in_time=one.verdict != Verdict.REFUSE and "window_passed" not in one.reasons,
        rule=rule_text(visit, one),
    )


def rule_text(visit: Visit, one: LineEligibility) -> str:
    """Until when a line may come back, or why it may not."""
    reasons = [reason_text(code) for code in one.reasons if code != "needs_review"]
    if reasons:
        return " ".join(reasons)
    if one.until is None:
        return _("Can be returned")
    return _("Returnable until %(date)s") % {"date": visit.words.day(one.until)}


def parcel_view(visit: Visit, row: Fulfillment) -> Parcel:
    """What the page says about a delivery."""
    known = row.delivered_at is not None and row.delivered_source != DeliverySource.ESTIMATE
    day = visit.words.day(row.delivered_at) if row.delivered_at else ""
    return Parcel(
        number=row.number,
        shipped=visit.words.day(row.shipped_at),
        tracking=row.tracking_number,
        arrived=day if known else "",
        expected="" if known else day,
        can_confirm=row.dispatched and not row.gone and not known,
    )


#: How each kind of case is called, where its page is, and what its states are called.
KINDS: Final[dict[str, tuple[Promise, str, Mapping[str, Label]]]] = {
    "return": (gettext_lazy("Return"), "return_status", RETURN_STATES),
    "repair": (gettext_lazy("Repair"), "repair_status", REPAIR_STATES),
    "part": (gettext_lazy("Spare part"), "part_status", PART_STATES),
    "withdrawal": (gettext_lazy("Withdrawal"), "withdrawal_status", WITHDRAWAL_STATES),
}


def cases_of(visit: Visit, order: Order) -> list[CaseRow]:
    """Everything that was asked about an order, newest first, in one query."""

    def rows(kind: str, cases: QuerySet[Any], since: str = "requested_at") -> QuerySet[Any]:
        return cases.order_by().values_list(Value(kind), "number", "state", since)

    # What the recipient of a gift asks for is nothing that its payer is told.
    found = rows("return", order.returns.filter(gift_recipient_email="")).union(
        rows("repair", order.repairs.filter(for_whom=RepairFor.CUSTOMER)),
        rows("part", order.part_requests.all()),
        rows("withdrawal", order.withdrawals.all(), "declared_at"),
        all=True,
    )
    newest = sorted(found, key=lambda row: row[3], reverse=True)
    return [case_row(visit, *row) for row in newest]


def case_row(visit: Visit, kind: str, number: str, state: str, at: datetime) -> CaseRow:
    """A case in the list."""
    name, page_name, labels = KINDS[kind]
    return CaseRow(name, number, visit.url(page_name, number=number), labels[state], visit.words.day(at))


@page("GET")
def order_list(visit: Visit) -> HttpResponse:
    """All orders of a signed-in customer; a guest has one, and is led to it."""
    session = visit.require_session()
    if session.order is not None:
        return visit.redirect(visit.url("order", number=session.order.number))
    found = orders_of_customer(visit.shop, user_id=session.user_id, limit=NEWEST)
    rows = [
        {
            "number": order.number,
            "url": visit.url("order", number=order.number),
            "day": visit.words.day(order.placed_at),
            "total": visit.words.money(order.money(order.total)),
        }
        for order in found
    ]
    return visit.render("orders.html", orders=rows)


@page("GET")
def order_detail(visit: Visit, number: str) -> HttpResponse:
    """One order with its lines, deliveries, cases and conversation."""
    order = visit.order(number)
    lines = [line_view(visit, order, one) for one in queries.eligibility(order, at=visit.at, policy=visit.policy)]
    parcels = [parcel_view(visit, row) for row in order.fulfillments.all() if row.dispatched or not row.gone]
    return visit.render(
        "order.html",
        order=order,
        placed=visit.words.day(order.placed_at),
        total=visit.words.money(order.money(order.total)),
        lines=lines,
        can_return=any(line.can_return for line in lines),
        begun=begun_return(visit, order),
        parcels=parcels,
        cases=cases_of(visit, order),
        thread=messages.thread_of_order(visit, order),
    )


def begun_return(visit: Visit, order: Order) -> str:
    """Where a return form goes on that was begun and not sent."""
    draft = drafts.unfinished(order, kind="return", at=visit.at)
    if draft is None or not draft.data.get("lines"):
        return ""
    return visit.url("return_reasons", number=order.number, key=draft.key)


@page("POST")
def parcel_arrived(visit: Visit, number: str, parcel: int) -> HttpResponse:
    """The customer says that a parcel is there; saying so twice changes nothing."""
    order = visit.order(number)
    row = order.fulfillments.filter(number=parcel, dispatched=True).first()
    if row is None:
        raise NotFound(_("There is no such parcel."))
    confirm_delivery(row, source=DeliverySource.CUSTOMER, delivered_at=visit.at, at=visit.at, actor=CUSTOMER)
    return visit.redirect(visit.url("order", number=number), notice="delivery_confirmed")


def product_choices(order: Order) -> list[tuple[str, str]]:
    """The order's products as choices of a form."""
    return [(str(line.pk), product_name(line)) for line in order.lines.all()]


def product_name(line: OrderLine) -> str:
    """``Trail shoe (42)``."""
    if line.variant_name and line.variant_name != line.product_name:
        return f"{line.product_name} ({line.variant_name})"
    return line.product_name
