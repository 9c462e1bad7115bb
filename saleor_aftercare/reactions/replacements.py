"""Exchanges: goods are promised with the return, ordered when it is settled, and watched until they leave.

The advance exchange turns this round: the goods are ordered at once, and the old ones are watched.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from saleor_aftercare.compensation.events import SettlementStarted
from saleor_aftercare.connection.events import (
    FulfillmentDispatched,
    OrderCanceled,
    OrderMoneyChanged,
)
from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import SYSTEM, publish, reacts_to
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Event, Job, Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements import actions, letters, queries
from saleor_aftercare.replacements.events import (
    ReplacementAwaitingPayment,
    ReplacementOutOfStock,
    ReplacementPlaced,
    ReplacementPlanned,
    ReplacementReturnOverdue,
)
from saleor_aftercare.replacements.models import Purpose, Replacement, ReplacementState
from saleor_aftercare.returns.actions import note_exchange
from saleor_aftercare.returns.due import amounts_of
from saleor_aftercare.returns.events import (
    ReturnApproved,
    ReturnCanceled,
    ReturnDeclined,
    ReturnExpired,
    ReturnRenewed,
    ReturnResolutionChanged,
)
from saleor_aftercare.returns.letters import status_url
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.queries import get_return
from saleor_aftercare.returns.units import units_due

R = ReplacementState
S = ReturnState

SUBJECT: Final = "return"
#: A customer is reminded so long before the old goods are due on their way.
REMIND_BEFORE: Final = timedelta(days=3)

#: A return in one of these states has its goods promised.
_STANDS: Final = frozenset({S.APPROVED, S.IN_TRANSIT, S.LOST, S.ARRIVED, S.RECEIVED})
#: The old goods are on their way, or it does not matter any more.
_UNDER_WAY: Final = frozenset({S.IN_TRANSIT, S.LOST, S.ARRIVED, S.RECEIVED, S.RESOLVED})
#: What was promised and nothing was ordered for: it may still become something else.
_CHANGEABLE: Final = frozenset({R.PLANNED, R.OUT_OF_STOCK, R.FAILED})


@reacts_to(ReturnApproved, ReturnRenewed, ReturnResolutionChanged)
def promise_what_is_exchanged(event: Event) -> None:
    """Ask Saleor for price and stock, and promise; what was promised before becomes what is wanted now."""
    ret = get_return(event.shop, event.subject_id)
    if ret.state in _STANDS:
        keep_promise_in_step(ret, at=clock.now())


def keep_promise_in_step(ret: Return, *, at: datetime) -> Replacement | None:
    """Bring what is promised for a return up to what its lines say; returns what stands."""
    lines = [
        row
        for row in ret.lines.select_related("order_line__order").order_by("pk")
        if row.resolution == Resolution.EXCHANGE and units_due(row)
    ]
    standing = queries.current_exchange(ret.shop, SUBJECT, ret.pk)
    if not lines:
        if standing is not None and standing.state in _CHANGEABLE:
            actions.cancel_replacement(standing, at=at, actor=SYSTEM)
        return None
    wanted = [
        queries.Wanted(
            row.order_line, units_due(row), row.exchange_variant_id, return_line=row.pk, name=row.exchange_name
        )
        for row in lines
    ]
    if standing is not None:
        asked = {(one.return_line, one.variant_id or one.order_line.variant_id, one.quantity) for one in wanted}
        promised = {(line["return_line"], line["variant_id"], line["quantity"]) for line in standing.lines}
        if asked != promised and standing.state in _CHANGEABLE:
            quote = queries.quote(ret.order, wanted)
            actions.reoffer(standing, lines=quote.lines, in_stock=quote.in_stock, at=at, actor=SYSTEM)
        return standing
    quote = queries.quote(ret.order, wanted)
    before = Replacement.objects.filter(shop=ret.shop, subject=SUBJECT, subject_id=ret.pk).count()
    made = actions.plan_replacement(
        ret.order,
        lines=quote.lines,
        credit=_credit(ret, wanted),
        subject=(SUBJECT, ret.pk),
        case_number=ret.number,
        advance=ret.advance_exchange,
        back_by=ret.advance_due_on if ret.advance_exchange else None,
        in_stock=quote.in_stock,
        key=f"return:{ret.pk}:{before}",
        recipient_email=ret.gift_recipient_email,
        at=at,
        actor=SYSTEM,
    )
    if made.advance:
        _send_in_advance(made, at=at)
    return made


def _credit(ret: Return, wanted: list[queries.Wanted]) -> Money:
    """What the units that come back are worth against other goods: what was paid for them, over every exchange."""
    paid = amounts_of([ret])[ret.pk]
    return sum((paid[one.return_line] for one in wanted if one.return_line), Money.zero(ret.order.currency)).rounded()


def _send_in_advance(row: Replacement, *, at: datetime) -> None:
    if row.state == R.PLANNED:
        actions.start_replacement(row, at=at)
    if row.back_by is None:
        return
    zone = ZoneInfo(settings_of(row.shop).time_zone)
    day_after = datetime.combine(row.back_by + timedelta(days=1), time(6), zone)
    for what, due_at in (("remind", day_after - REMIND_BEFORE - timedelta(days=1)), ("overdue", day_after)):
        schedule(
            "replacements.advance",
            key=f"replacement-{what}:{row.pk}",
            shop=row.shop,
            due_at=max(due_at, at),
            payload={"replacement": row.pk, "what": what},
        )


@reacts_to(ReturnCanceled, ReturnDeclined, ReturnExpired)
def take_the_promise_back(event: Event) -> None:
    """Nothing comes back, so nothing is sent; what was sent in advance stays, and is watched."""
    ret = get_return(event.shop, event.subject_id)
    standing = queries.current_exchange(ret.shop, SUBJECT, ret.pk)
    if ret.state not in _STANDS and standing is not None and standing.state in _CHANGEABLE:
        actions.cancel_replacement(standing, at=clock.now(), actor=SYSTEM)


@reacts_to(SettlementStarted)
def order_what_was_promised(event: Event) -> None:
    """The goods are back and accepted: the replacement is ordered, for what they are worth in the settlement."""
    if event.data["case"] != SUBJECT:
        return
    ret = get_return(event.shop, event.data["case_id"])
    at = clock.now()
    standing = queries.current_exchange(ret.shop, SUBJECT, ret.pk)
    if standing is None or standing.state != R.PLANNED:
        return
    accepted = {row.pk: units_due(row) for row in ret.lines.all() if row.resolution == Resolution.EXCHANGE}
    credit = Money.read(event.data["exchange"], event.data["currency"])
    try:
        actions.start_replacement(standing, at=at, quantities=accepted, credit=credit or None)
    except Conflict:
        # Sold out, or taken back at this moment: staff have been told, and offer something else.
        return


@reacts_to(ReplacementPlanned)
def note_what_is_promised_instead(event: Event) -> None:
    """Staff offered something else: the return's lines say so too."""
    row = _row(event)
    if row is not None and row.attempt > 1 and row.purpose == Purpose.EXCHANGE:
        chosen = {line["return_line"]: (line["variant_id"], line["name"]) for line in row.lines if line["return_line"]}
        note_exchange(get_return(row.shop, row.subject_id), chosen=chosen)


# -- orders that we made -------------------------------------------------------------------------------------------


@reacts_to(OrderCanceled, OrderMoneyChanged)
def see_what_became_of_the_replacement(event: Event) -> None:
    """Saleor told something about an order that may be one of ours."""
    actions.note_order(Order.objects.get(shop=event.shop, pk=event.subject_id), at=clock.now())


@reacts_to(FulfillmentDispatched)
def note_that_the_replacement_left(event: Event) -> None:
    """A parcel of an order that may be one of ours."""
    parcel = Fulfillment.objects.select_related("order__shop").get(shop=event.shop, pk=event.subject_id)
    actions.note_order(parcel.order, at=clock.now())


# -- letters -------------------------------------------------------------------------------------------------------


def _to(row: Replacement) -> dict[str, Any]:
    """Whom to write to, and the page of their return."""
    ret = get_return(row.shop, row.subject_id)
    return {
        "status_url": status_url(ret),
        "email": ret.contact_email,
        "name": ret.contact_name,
        "language": ret.contact_language,
        "at": clock.now(),
    }


def _row(event: Event) -> Replacement | None:
    return queries.get_replacement(event.shop, event.subject_id) if event.data["case"] == SUBJECT else None


@reacts_to(ReplacementPlaced)
def say_that_it_is_packed(event: Event) -> None:
    """Ordered, and nothing is due any more."""
    row = _row(event)
    if row is not None and row.purpose == Purpose.EXCHANGE and row.state in {R.PLACED, R.SHIPPED}:
        letters.write_placed(row, **_to(row))


@reacts_to(ReplacementAwaitingPayment)
def ask_for_the_difference(event: Event) -> None:
    """With the page where it can be paid, when the shop has one."""
    row = _row(event)
    if row is not None and row.state == R.AWAITING_PAYMENT:
        letters.write_payment_due(row, **_to(row))


@reacts_to(ReplacementOutOfStock)
def say_that_it_is_sold_out(event: Event) -> None:
    """Staff offer something else; the customer knows why it takes longer."""
    row = _row(event)
    if row is not None and row.state == R.OUT_OF_STOCK:
        letters.write_sold_out(row, **_to(row))


# -- goods that were replaced in advance ---------------------------------------------------------------------------


@handles("replacements.advance")
def watch_the_old_goods(job: Job) -> None:
    """C3, advance exchange: remind the customer once, and tell staff when the day has passed."""
    row = queries.get_replacement(_shop_of(job), job.payload["replacement"])
    ret = get_return(row.shop, row.subject_id)
    if ret.state in _UNDER_WAY or row.state not in {R.AWAITING_PAYMENT, R.PLACED, R.SHIPPED} or row.back_by is None:
        return
    at = clock.now()
    if job.payload["what"] == "remind" and row.reminded_at is None:
        letters.write_send_back(row, **_to(row))
        Replacement.objects.filter(pk=row.pk).update(reminded_at=at)
    elif job.payload["what"] == "overdue" and row.overdue_at is None:
        _tell_that_they_are_overdue(row, at=at)


def _tell_that_they_are_overdue(row: Replacement, *, at: datetime) -> None:
    with transaction.atomic():
        if Replacement.objects.filter(pk=row.pk, overdue_at=None).update(overdue_at=at):
            publish(
                ReplacementReturnOverdue(row.pk, row.subject, row.subject_id, back_by=str(row.back_by)),
                shop=row.shop,
                at=at,
            )


def _shop_of(job: Job) -> Shop:
    if job.shop is None:
        raise LookupError("A job about a replacement without a shop")
    return job.shop
