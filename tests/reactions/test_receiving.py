"""What customers hear of the warehouse."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.reactions.receiving import tell_of_a_further_parcel, tell_what_is_not_accepted
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.returns.reception import (
    LineReceived,
    LineRejected,
    decide_send_back,
    receive_return,
    reject_units,
)
from tests.make import DAY, NOON, Line, make_order, make_return

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def letters_after(kind: str) -> list[str]:
    """The letters that are written once every such event was reacted to, twice."""
    for event in [*Event.objects.filter(kind=kind), *Event.objects.filter(kind=kind)]:
        (tell_of_a_further_parcel if kind == "return.received" else tell_what_is_not_accepted)(event)
    return list(OutboundMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_each_further_parcel_of_a_return_gets_a_letter_of_its_own():
    order = make_order(lines=[Line(quantity=2)], delivered=NOON - DAY)
    ret = make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): 2})
    receive_return(ret, lines=[LineReceived(ret.lines.get(), 1)], at=NOON, actor=MEI)
    assert letters_after("return.received") == []

    receive_return(ret, lines=[LineReceived(ret.lines.get(), 1)], seen=1, at=NOON, actor=MEI)

    assert letters_after("return.received") == ["returns/received"]


def test_c1_20_the_customer_hears_what_is_not_accepted_and_what_becomes_of_it():
    """C1.20: decline after arrival: who pays to ship back, and until when is it stored?"""
    ret = make_return(make_order(delivered=NOON - DAY), state=ReturnState.APPROVED)
    receive_return(ret, lines=None, at=NOON, actor=MEI)
    reject_units(ret, lines=[LineRejected(ret.lines.get(), 1, "It was worn.")], at=NOON, actor=MEI)
    decide_send_back(ret, payer="customer", stored_until=(NOON + 30 * DAY).date(), at=NOON, actor=MEI)

    assert letters_after("return.units_rejected") == ["returns/received"]
    assert letters_after("return.send_back_decided") == ["returns/received"] * 2
    assert "It was worn." in str(OutboundMessage.objects.order_by("-pk")[0].__dict__)
