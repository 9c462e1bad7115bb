"""Money: look when Saleor says that something moved; tell the customer and Saleor what was given."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import look_again_soon
from saleor_aftercare.compensation.events import RefundSettled, SettlementSettled, StoreCreditIssued
from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.compensation.queries import get_refund, get_settlement, get_store_credit, orders_of
from saleor_aftercare.connection.events import OrderMoneyChanged
from saleor_aftercare.connection.notes import note_on_order
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.actions import gifts
from saleor_aftercare.inbox.queries import get_ticket
from saleor_aftercare.returns import letters
from saleor_aftercare.returns.actions import resolve_return
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.returns.queries import get_return


@reacts_to(OrderMoneyChanged)
def look_whether_a_refund_came_through(event: Event) -> None:
    """Faster than waiting for the next look."""
    look_again_soon(event.subject_id, at=clock.now())


@reacts_to(SettlementSettled)
def say_that_the_money_is_on_its_way(event: Event) -> None:
    """One letter for all refunds of a settlement. Credit has a letter of its own, and nothing needs none."""
    settlement = get_settlement(event.shop, event.subject_id)
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        if settlement.refund and not ret.is_gift:
            letters.write_settled(ret, settlement, at=clock.now())
    elif event.data["case"] == "ticket" and settlement.refund:
        gifts.write_refunded(get_ticket(event.shop, pk=event.data["case_id"]), settlement, at=clock.now())


@reacts_to(SettlementSettled)
def close_the_return_that_is_settled(event: Event) -> None:
    """What was paid back before the goods are here is closed when they come, by another settlement."""
    if event.data["case"] == "return":
        ret = get_return(event.shop, event.data["case_id"])
        if ret.state == ReturnState.RECEIVED:
            resolve_return(ret, at=clock.now())


@reacts_to(RefundSettled)
def close_the_return_that_is_refunded(event: Event) -> None:
    """A refund from before there were settlements stands for itself."""
    refund = get_refund(event.shop, event.subject_id)
    if event.data["case"] != "return" or refund.settlement_id is not None:
        return
    ret = get_return(event.shop, event.data["case_id"])
    letters.write_refunded(ret, refund, at=clock.now())
    if ret.state == ReturnState.RECEIVED:
        resolve_return(ret, at=clock.now())


@reacts_to(StoreCreditIssued)
def send_the_code(event: Event) -> None:
    """To whoever asked: of a gift that is its recipient, and never the payer."""
    credit = get_store_credit(event.shop, event.subject_id)
    if event.data["case"] == "return":
        letters.write_store_credit(get_return(event.shop, event.data["case_id"]), credit, at=clock.now())
    elif event.data["case"] == "ticket":
        gifts.write_store_credit(get_ticket(event.shop, pk=event.data["case_id"]), credit, at=clock.now())


@reacts_to(SettlementSettled)
def tell_saleors_timeline_what_was_given(event: Event) -> None:
    """Store credit and goods in exchange are no refunds in Saleor; the note says what they were for.

    Each order that gave some of the money has the note: of goods that came in exchange that is also the first one.
    """
    subject = event.data["case"], event.data["case_id"]
    if subject[0] not in {"return", "ticket"}:
        return
    settlement = get_settlement(event.shop, event.subject_id)
    with speaking_to_staff(event.shop):
        text = _about(event, _in_words(settlement))
    for order in orders_of(settlement):
        own = "" if order.pk == settlement.order_id else f":{order.pk}"
        note_on_order(order, text=text, reference=f"event:{event.pk}{own}", subject=subject, at=clock.now())


def _about(event: Event, what: str) -> str:
    if event.data["case"] == "return":
        number = get_return(event.shop, event.data["case_id"]).number
        return _("Return %(number)s: %(what)s") % {"number": number, "what": what}
    ticket = get_ticket(event.shop, pk=event.data["case_id"])
    return _("Conversation %(number)s: %(what)s") % {"number": ticket.number, "what": what}


def _in_words(settlement: Settlement) -> str:
    codes = [one.masked for one in settlement.store_credits.order_by("pk")]
    given = [
        _("%(what)s %(amount)s") % {"what": what, "amount": f"{settlement.money(amount).wire()} {settlement.currency}"}
        for what, amount in (
            (_("Refund"), settlement.refund),
            (_("Store credit"), settlement.credit),
            (_("Exchange"), settlement.exchange),
        )
        if amount
    ]
    told = ", ".join(given) or _("There was nothing to give.")
    if codes:
        told = f"{told} ({', '.join(codes)})"
    return told
