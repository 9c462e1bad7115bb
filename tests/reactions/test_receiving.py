"""What customers hear of the warehouse."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.parcels.models import ParcelState
from saleor_aftercare.reactions.receiving import (
    note_that_its_parcel_was_opened,
    tell_of_a_further_parcel,
    tell_what_is_not_accepted,
)
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.returns.reception import (
    LineReceived,
    LineRejected,
    decide_send_back,
    receive_return,
    reject_units,
)
from tests.make import DAY, NOON, Line, make_order, make_return
from tests.make.parcels import make_parcel

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


@pytest.mark.parametrize(
    ("state", "provider", "expected"),
    [
        (ParcelState.READY, "printable", ParcelState.ARRIVED),
        (ParcelState.IN_TRANSIT, "printable", ParcelState.ARRIVED),
        (ParcelState.IN_TRANSIT, "dhl_parcel_de", ParcelState.ARRIVED),
        (ParcelState.READY, "dhl_parcel_de", ParcelState.READY),
        (ParcelState.VOID, "printable", ParcelState.VOID),
    ],
)
def test_a_return_that_was_opened_leaves_no_parcel_waiting_to_be_sent_but_one_that_may_be_unused(
    state, provider, expected
):
    ret = make_return(make_order(delivered=NOON - DAY), state=ReturnState.APPROVED)
    parcel = make_parcel(ret.order, state=state, provider=provider, subject_id=ret.pk, case_number=ret.number)
    receive_return(ret, lines=None, at=NOON, actor=MEI)

    event = Event.objects.get(kind="return.received")
    note_that_its_parcel_was_opened(event)
    note_that_its_parcel_was_opened(event)

    parcel.refresh_from_db()
    assert parcel.state == expected


def test_of_two_parcels_nobody_guesses_which_was_opened():
    ret = make_return(make_order(delivered=NOON - DAY), state=ReturnState.APPROVED)
    two = [
        make_parcel(ret.order, state=ParcelState.READY, subject_id=ret.pk, case_number=ret.number, position=n)
        for n in (1, 2)
    ]
    receive_return(ret, lines=None, at=NOON, actor=MEI)

    note_that_its_parcel_was_opened(Event.objects.get(kind="return.received"))

    for parcel in two:
        parcel.refresh_from_db()
    assert [parcel.state for parcel in two] == [ParcelState.READY, ParcelState.READY]
