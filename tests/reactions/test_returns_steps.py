"""Every step of a return: a letter where it matters, a line in the ticket, a note on Saleor's own timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER, SYSTEM
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.models import MessageKind, Ticket
from saleor_aftercare.parcels import actions as parcels
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.repairs.models import RepairRequest, RepairState
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.queries import get_return
from tests.house import House
from tests.make import make_file, make_policy

from .tale import MEI, ask_back, said, sell, story, subjects

pytestmark = pytest.mark.django_db


def fresh(house: House, ret: Return) -> Return:
    return get_return(house.shop, ret.pk)


def notes(placed: Any) -> list[str]:
    return [one.message for one in placed.events if one.type == "NOTE_ADDED"]


def test_a_question_is_mailed_and_its_answer_is_a_message_with_its_photos(house, mailoutbox):
    _placed, order = sell(house)
    ret = ask_back(order)
    house.settle()
    mailoutbox.clear()

    returns.ask_customer(fresh(house, ret), question="Which part?", at=clock.now(), actor=MEI)
    house.settle()
    assert "Which part?" in mailoutbox[0].body
    photo = make_file(house.shop, name="lid.jpg", content_type="image/jpeg")
    returns.answer_question(fresh(house, ret), text="The lid.", photos=[photo], at=clock.now())
    returns.add_photos(fresh(house, ret), note="And the base.", at=clock.now(), actor=CUSTOMER)
    house.settle()

    ticket = Ticket.objects.get()
    assert said(ticket) == ["One is broken.", "The lid.", "And the base."]
    assert list(ticket.messages.filter(kind=MessageKind.CUSTOMER)[1].attachments.all()) == [photo]
    assert story(ticket) == ["return.requested", "return.questioned", "return.answered", "return.photos_added"]


def test_the_way_of_the_parcel_is_told_to_everybody_concerned(house, mailoutbox):
    placed, order = sell(house)
    ret = ask_back(order)
    returns.approve_return(fresh(house, ret), at=clock.now(), actor=MEI)
    house.settle()
    mailoutbox.clear()

    parcels.mark_handed_over(Parcel.objects.get(), at=clock.now(), actor=MEI)
    house.settle()
    assert fresh(house, ret).state == ReturnState.IN_TRANSIT
    parcels.mark_arrived(Parcel.objects.get(), at=clock.now(), actor=MEI)
    house.settle()

    assert fresh(house, ret).state == ReturnState.ARRIVED
    assert len(subjects(mailoutbox)) == 2
    assert notes(placed) == [
        f"Return {ret.number}: The return was requested.",
        f"Return {ret.number}: The return was approved.",
        f"Return {ret.number}: The parcel is on its way.",
        f"Return {ret.number}: The parcel arrived at the warehouse.",
    ]
    assert house.failed_jobs() == []


def test_saleors_timeline_speaks_the_language_of_the_shop_and_names_nobody(house):
    ShopSettings.objects.filter(shop=house.shop).update(default_language="ja")
    placed, order = sell(house, "en")

    ret = ask_back(order, note="Jade Guerrero, 12 Elm Street")
    house.settle()

    assert notes(placed) == [f"返品 {ret.number}：返品が申請されました。"]


def test_a_timeline_that_cannot_be_written_stops_nothing(house, mailoutbox):
    placed, order = sell(house)
    placed.status, placed.id = placed.status, placed.id
    ret = ask_back(order)
    Job.objects.filter(kind="connection.order_note").delete()
    house.saleor.state.orders.remove(placed)

    house.settle()

    assert fresh(house, ret).state == ReturnState.REQUESTED
    assert len(mailoutbox) == 1


def test_no_parcel_came_so_the_customer_is_reminded_and_then_told(house, mailoutbox, days_later):
    _placed, order = sell(house)
    make_policy(house.shop, version=50, ship_within_days=5)
    ret = ask_back(order)
    returns.approve_return(fresh(house, ret), at=clock.now(), actor=MEI)
    house.settle()
    mailoutbox.clear()

    days_later(house, 4)
    reminded = [letter.subject for letter in mailoutbox if ret.number in letter.subject]
    days_later(house, 6)

    assert len(reminded) == 1
    assert fresh(house, ret).state == ReturnState.EXPIRED
    assert mailoutbox[-1].subject == f"Your return {ret.number} has expired"
    assert "return.expired" in story(Ticket.objects.first())


def test_what_is_to_be_repaired_becomes_a_repair_and_is_not_waited_for(house, mailoutbox):
    _placed, order = sell(house)
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    photo = make_file(house.shop, name="lid.jpg", content_type="image/jpeg")
    ret = ask_back(order, resolution=Resolution.REPAIR, photos=(photo,))

    returns.approve_return(fresh(house, ret), at=clock.now(), actor=MEI)
    house.settle()

    repair = RepairRequest.objects.get()
    assert (repair.state, repair.order_line, list(repair.photos.all())) == (
        RepairState.ACCEPTED, order.lines.get(), [photo],
    )  # fmt: skip
    assert repair.description.startswith(f"From return {ret.number}, 1 × ")
    assert (fresh(house, ret).state, ret.lines.get().repair_number) == (ReturnState.RESOLVED, repair.number)
    assert not Parcel.objects.exists()
    assert house.failed_jobs() == []


def test_the_payer_of_a_gift_is_told_nothing(house, mailoutbox):
    """C1.19: gift recipient."""
    _placed, order = sell(house)
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    friend = returns.GiftRecipient("friend@example.com", "A Friend", "ja")
    unit = returns.UnitsAsked(order.lines.get(), 1, "changed_mind", resolution=Resolution.STORE_CREDIT)

    ret = returns.request_return(order, units=[unit], note="Thanks", at=clock.now(), actor=CUSTOMER, gift=friend)
    house.settle()
    returns.approve_return(fresh(house, ret), at=clock.now(), actor=MEI)
    house.settle()

    assert {to for letter in mailoutbox for to in letter.to} == {'"A Friend" <friend@example.com>'}
    assert not any(order.email in str(letter.message()) for letter in mailoutbox)
    ticket = Ticket.objects.get()
    assert (ticket.order, ticket.customer_email, ticket.language) == (None, "friend@example.com", "ja")


def test_a_parcel_of_the_shop_that_comes_back_undelivered_is_expected_and_the_customer_hears_nothing(house, mailoutbox):
    """C1.12: parcel returned by carrier with no request."""
    from saleor_aftercare.core.events import publish
    from saleor_aftercare.parcels.events import OutboundReturned

    _placed, order = sell(house)
    mailoutbox.clear()
    parcel = order.fulfillments.get()

    for _ in range(2):
        publish(OutboundReturned(parcel.pk, tracking_number=""), shop=house.shop, at=clock.now(), actor=SYSTEM)
        house.settle()

    ret = Return.objects.get()
    assert (ret.state, ret.source, ret.lines.get().quantity) == (ReturnState.IN_TRANSIT, "warehouse", 2)
    assert subjects(mailoutbox) == []
    assert ret.requested_at + timedelta(minutes=1) > ret.state_since
