"""From the approval of a return to its parcel at the warehouse: letters, lines, and what Saleor is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from saleor_aftercare.connection.models import DeliverySource, ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.inbox.queries import ticket_of_case
from saleor_aftercare.parcels.actions import Heard, expire_parcel, hear, mark_handed_over, retry_parcel
from saleor_aftercare.parcels.models import Parcel, ParcelState, TrackingStatus
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.parcels import another_parcel
from tests.fakes import FakeLabelProvider, fake_labels
from tests.house import House
from tests.make import make_policy
from tests.make.parcels import make_account

from .tale import APPROVED, MEI, ask_back, sell, story, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake() -> Iterator[FakeLabelProvider]:
    with fake_labels() as carrier:
        yield carrier


@pytest.fixture
def ret(house: House, fake: FakeLabelProvider, mailoutbox: list[Any]) -> Return:
    """A return that staff have to decide, of a shop that pays the way back and uses the fake carrier."""
    _placed, order = sell(house)
    ShopSettings.objects.filter(shop=house.shop).update(label_provider="fake")
    make_account(house.shop)
    make_policy(house.shop)
    ret = ask_back(order)
    house.settle()
    mailoutbox.clear()
    Return.objects.filter(pk=ret.pk).update(payer="merchant")
    ret.refresh_from_db()
    return ret


def approve(house: House, ret: Return) -> Parcel:
    returns.approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()
    return Parcel.objects.get(shop=house.shop, subject_id=ret.pk)


def lines(house: House, ret: Return) -> list[str]:
    return [one for one in story(ticket_of_case(house.shop, CaseKind.RETURN, ret.pk)) if one.startswith("parcel.")]


def state(ret: Return) -> str:
    return Return.objects.get(pk=ret.pk).state


def test_an_approved_return_gets_its_label_and_the_customer_the_letter(house, ret, fake, mailoutbox):
    parcel = approve(house, ret)

    assert (parcel.state, parcel.tracking_number) == (ParcelState.READY, "FAKE00000001")
    assert parcel.send_by == Return.objects.get(pk=ret.pk).expires_on
    letters = list(mailoutbox)
    assert subjects(mailoutbox) == [APPROVED["en"].format(number=ret.number)]
    attached = [name for name, _data, _kind in letters[0].attachments]
    assert attached == [f"{ret.number}-label.pdf", f"{ret.number}-packing-slip.pdf"]
    assert "The carrier's label is attached to this message, with a packing slip" in letters[0].body
    assert lines(house, ret) == ["parcel.ready"]


def test_the_return_moves_with_its_parcel(house, ret):
    parcel = approve(house, ret)

    mark_handed_over(parcel, tracking_number="", at=clock.now(), actor=CUSTOMER)
    house.settle()
    assert state(ret) == ReturnState.IN_TRANSIT
    hear(parcel, [Heard(status=TrackingStatus.DELIVERED, at=clock.now())], source="webhook", at=clock.now())
    house.settle()

    assert state(ret) == ReturnState.ARRIVED


def test_a_return_is_lost_once_no_other_parcel_of_it_is_under_way(house, ret):
    first = approve(house, ret)
    second = another_parcel(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()
    second = Parcel.objects.get(pk=second.pk)
    for parcel in (first, second):
        mark_handed_over(parcel, at=clock.now(), actor=CUSTOMER)
    house.settle()

    hear(first, [Heard(status=TrackingStatus.LOST, at=clock.now())], source="webhook", at=clock.now())
    house.settle()
    assert state(ret) == ReturnState.IN_TRANSIT
    hear(second, [Heard(status=TrackingStatus.LOST, at=clock.now())], source="webhook", at=clock.now())
    house.settle()

    assert state(ret) == ReturnState.LOST


def test_staff_are_called_when_no_label_can_be_made_and_choose_another_way(house, ret, fake, mailoutbox):
    fake.failures = [ProviderError("The postal code does not exist")]
    parcel = approve(house, ret)

    ticket = ticket_of_case(house.shop, CaseKind.RETURN, ret.pk)
    assert ticket is not None
    assert (ticket.unread, ticket.due_at is not None) == (True, True)
    assert lines(house, ret) == ["parcel.failed"]
    assert subjects(mailoutbox) == []

    retry_parcel(parcel, provider="printable", at=clock.now(), actor=MEI)
    house.settle()

    assert subjects(mailoutbox) == [APPROVED["en"].format(number=ret.number)]


def test_a_cancelled_return_gives_its_label_back(house, ret, fake):
    parcel = approve(house, ret)

    returns.cancel_return(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()

    assert Parcel.objects.get(pk=parcel.pk).state == ParcelState.VOID
    assert fake.voided == ["fake-1"]


def test_c1_14_a_new_label_follows_one_that_expired(house, ret, fake, mailoutbox):
    """C1.14: the carrier does not take the old one any more; the customer asks, and gets a letter of its own."""
    first = approve(house, ret)
    Parcel.objects.filter(pk=first.pk).update(expires_on=clock.now().date())
    expire_parcel(first, today=clock.now().date().replace(year=2099), at=clock.now())
    house.settle()
    mailoutbox.clear()

    second = another_parcel(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()

    second.refresh_from_db()
    assert (second.position, second.state, second.tracking_number) == (2, ParcelState.READY, "FAKE00000002")
    assert lines(house, ret) == ["parcel.ready", "parcel.expired", "parcel.ready"]
    assert subjects(mailoutbox) == [APPROVED["en"].format(number=ret.number)]


def test_rejected_credentials_stand_beside_the_app_in_saleor_until_they_work(house, ret, fake):
    fake.failures = [CredentialsRejected("Wrong key")]
    parcel = approve(house, ret)

    (app,) = [one for one in house.saleor.state.apps if one.problems]
    (problem,) = app.problems
    assert problem.key == "label-provider:fake"
    assert "Fake Parcel does not accept the credentials" in problem.message

    retry_parcel(parcel, at=clock.now(), actor=MEI)
    house.settle()

    assert app.problems == []


def test_c1_12_an_outgoing_parcel_that_comes_back_becomes_a_return_that_nobody_asked_for(house, mailoutbox):
    """C1.12: refused at the door; the customer gets no letter about a parcel that they did not send."""
    placed, order = sell(house)
    sent = order.fulfillments.get()
    make_policy(house.shop)
    mailoutbox.clear()

    for _twice in range(2):
        news = Heard(status=TrackingStatus.RETURNED_TO_SENDER, at=clock.now())
        hear(sent, [news], source="webhook", at=clock.now())
        house.settle()

    ret = Return.objects.get(order=order)
    assert (ret.source, ret.state) == ("warehouse", ReturnState.IN_TRANSIT)
    assert not Parcel.objects.filter(subject_id=ret.pk).exists()
    assert subjects(mailoutbox) == []
    assert placed.id == order.saleor_id


def test_an_outgoing_parcel_that_is_lost_is_noted_on_the_order_in_saleor(house):
    _placed, order = sell(house)
    sent = order.fulfillments.get()

    hear(sent, [Heard(status=TrackingStatus.LOST, at=clock.now())], source="webhook", at=clock.now())
    house.settle()

    notes = [one.message for one in house.saleor.state.orders[-1].events if one.type == "NOTE_ADDED"]
    assert any("is lost" in note for note in notes)


def test_a_carriers_delivery_counts_from_when_it_happened(house):
    _placed, order = sell(house)
    sent = order.fulfillments.get()
    at = clock.now()

    hear(sent, [Heard(status=TrackingStatus.DELIVERED, at=at)], source="webhook", at=at)
    house.settle()

    sent.refresh_from_db()
    assert (sent.delivered_at, sent.delivered_source) == (at, DeliverySource.CARRIER)


def test_the_letter_tells_the_last_day_of_the_label_the_shops_own_words_and_brings_the_counters_code(
    house, fake, ret, mailoutbox
):
    fake.dropoff = True
    ShopSettings.objects.filter(shop=house.shop).update(return_instructions={"en": "Please tape it well."})
    Return.objects.filter(pk=ret.pk).update(expires_on=None)

    approve(house, ret)
    parcel = Parcel.objects.get(subject_id=ret.pk)

    (letter,) = mailoutbox
    assert [name for name, _data, _kind in letter.attachments] == [
        f"{ret.number}-label.pdf",
        f"{ret.number}-packing-slip.pdf",
        f"{ret.number}-dropoff.png",
    ]
    assert "No printer? On the page of your return you can choose a code instead" in letter.body
    assert "Please tape it well." in letter.body
    assert parcel.send_by is not None
    earliest = min(parcel.send_by, parcel.expires_on)
    assert f"{earliest.day} {earliest:%B %Y}" in letter.body
