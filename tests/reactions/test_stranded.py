"""Parcels that come back to the customer, and labels that end unused: the return says so, and a new label is near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER, SYSTEM
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.inbox.queries import ticket_of_case
from saleor_aftercare.parcels.actions import Heard, expire_parcel, hear, mark_handed_over
from saleor_aftercare.parcels.models import Parcel, ParcelState, TrackingStatus
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.listing import View, counts
from saleor_aftercare.returns.models import Hitch, Return, ReturnState
from saleor_aftercare.returns.parcels import another_parcel, new_labels, replaced_parcel
from tests.fakes import FakeLabelProvider, fake_labels
from tests.house import House
from tests.make import make_policy
from tests.make.parcels import make_account

from .tale import MEI, ask_back, sell, story, subjects

pytestmark = pytest.mark.django_db

T = TrackingStatus


@pytest.fixture
def fake() -> Iterator[FakeLabelProvider]:
    with fake_labels() as carrier:
        yield carrier


@pytest.fixture
def ret(house: House, fake: FakeLabelProvider, mailoutbox: list[Any]) -> Return:
    """An approved return whose label is with the customer."""
    _placed, order = sell(house)
    ShopSettings.objects.filter(shop=house.shop).update(label_provider="fake")
    make_account(house.shop)
    make_policy(house.shop, ship_within_days=14)
    ret = ask_back(order)
    house.settle()
    Return.objects.filter(pk=ret.pk).update(payer="merchant")
    ret.refresh_from_db()
    returns.approve_return(ret, at=clock.now(), actor=MEI)
    house.settle()
    mailoutbox.clear()
    return Return.objects.select_related("shop", "order", "policy").get(pk=ret.pk)


def parcels(ret: Return) -> list[Parcel]:
    return list(Parcel.objects.select_related("shop", "order").filter(subject_id=ret.pk).order_by("position"))


def now(ret: Return) -> Return:
    return Return.objects.select_related("shop", "order", "policy").get(pk=ret.pk)


def news(house: House, parcel: Parcel, *statuses: T) -> None:
    """The carrier says this, one after the other, and everybody reacts."""
    for n, status in enumerate(statuses):
        heard = Heard(status=status, at=clock.now() - timedelta(minutes=20 - n))
        hear(parcel, [heard], source="ups", at=clock.now())
    house.settle()


def kinds(ret: Return) -> list[str]:
    return list(Event.objects.filter(subject="return", subject_id=ret.pk).order_by("pk").values_list("kind", flat=True))


def expire(house: House, parcel: Parcel) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(expires_on=clock.now().date() - timedelta(days=1))
    expire_parcel(Parcel.objects.get(pk=parcel.pk), today=clock.now().date(), at=clock.now())
    house.settle()


CAME_BACK = "The parcel of your return {number} comes back to you"
EXPIRED = "The label of your return {number} has expired"
READY = "Your return {number} is approved: here is your label"


# -- RTS ------------------------------------------------------------------------------------------------------------


def test_c1_12_a_parcel_that_the_carrier_brings_back_opens_its_return_again(house, ret, fake, mailoutbox):
    """C1.12, RTS: approved again with a new last day, held up for all to see, and the customer is told."""
    (parcel,) = parcels(ret)
    mark_handed_over(parcel, at=clock.now() - timedelta(hours=1), actor=CUSTOMER)
    house.settle()
    assert now(ret).state == ReturnState.IN_TRANSIT
    mailoutbox.clear()

    news(house, parcel, T.RETURNED_TO_SENDER)

    back = now(ret)
    assert (back.state, back.hitch, back.sent_at) == (ReturnState.APPROVED, Hitch.CAME_BACK, None)
    assert back.expires_on == clock.now().date() + timedelta(days=14)
    (letter,) = list(mailoutbox)
    assert subjects(mailoutbox) == [CAME_BACK.format(number=ret.number)]
    assert "FAKE00000001" in letter.body
    assert f"{back.expires_on.day} {back.expires_on:%B %Y}" in letter.body
    assert counts(house.shop, today=clock.now().date())[View.HELD_UP] == 1
    ticket = ticket_of_case(house.shop, CaseKind.RETURN, ret.pk)
    assert ticket is not None
    assert ticket.due_at is not None, "staff have to act"
    assert [one for one in story(ticket) if "back" in one or "returned" in one] == [
        "parcel.returned",
        "return.came_back",
    ]


def test_the_new_label_is_bought_once_and_the_return_goes_its_way(house, ret, fake, mailoutbox):
    (parcel,) = parcels(ret)
    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)
    mailoutbox.clear()

    first = new_labels(now(ret), at=clock.now(), actor=CUSTOMER)
    second = new_labels(now(ret), at=clock.now(), actor=CUSTOMER)
    replaced_parcel(now(ret), parcels(ret)[0], at=clock.now(), actor=MEI)
    house.settle()

    assert ([one.position for one in first], second) == ([2], [])
    assert fake.purchases == [one.reference for one in parcels(ret)]
    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, "")
    assert counts(house.shop, today=clock.now().date())[View.HELD_UP] == 0
    assert subjects(mailoutbox) == [READY.format(number=ret.number)]
    news(house, parcels(ret)[1], T.IN_TRANSIT, T.DELIVERED)
    assert now(ret).state == ReturnState.ARRIVED


def test_a_carrier_that_says_it_again_changes_nothing(house, ret, mailoutbox):
    (parcel,) = parcels(ret)
    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)
    told = kinds(ret)
    mailoutbox.clear()

    # On the way back it is scanned and, in the end, delivered: to the customer.
    news(house, parcel, T.RETURNED_TO_SENDER, T.IN_TRANSIT, T.DELIVERED, T.RETURNED_TO_SENDER)
    for _twice in range(2):
        returns.mark_came_back(now(ret), at=clock.now())
    house.settle()

    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, Hitch.CAME_BACK)
    assert kinds(ret) == told
    assert told.count("return.came_back") == 1
    assert subjects(mailoutbox) == []


def test_what_is_said_of_the_old_parcel_late_does_not_undo_the_new_label(house, ret):
    (parcel,) = parcels(ret)
    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)
    new_labels(now(ret), at=clock.now(), actor=CUSTOMER)
    house.settle()

    returns.mark_came_back(now(ret), at=clock.now())
    news(house, parcel, T.DELIVERED)

    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, "")
    assert [one.state for one in parcels(ret)] == [ParcelState.RETURNED, ParcelState.READY]


def test_of_several_parcels_only_the_last_one_under_way_moves_the_return(house, ret, mailoutbox):
    another_parcel(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()
    first, second = parcels(ret)
    news(house, first, T.IN_TRANSIT)
    news(house, second, T.IN_TRANSIT)
    mailoutbox.clear()

    news(house, first, T.RETURNED_TO_SENDER)
    assert (now(ret).state, now(ret).hitch) == (ReturnState.IN_TRANSIT, "")
    # The customer needs a label for it all the same.
    assert subjects(mailoutbox) == [CAME_BACK.format(number=ret.number)]
    (third,) = new_labels(now(ret), at=clock.now(), actor=CUSTOMER)
    house.settle()
    news(house, second, T.RETURNED_TO_SENDER)

    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, Hitch.CAME_BACK)
    assert len(new_labels(now(ret), at=clock.now(), actor=CUSTOMER)) == 1
    assert now(ret).hitch == ""
    assert Parcel.objects.get(pk=third.pk).state == ParcelState.READY


def test_what_arrived_stays_arrived_when_another_parcel_comes_back(house, ret):
    another_parcel(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()
    first, second = parcels(ret)
    news(house, first, T.IN_TRANSIT, T.DELIVERED)

    news(house, second, T.IN_TRANSIT, T.RETURNED_TO_SENDER)

    assert (now(ret).state, now(ret).hitch) == (ReturnState.ARRIVED, "")


def test_a_parcel_that_was_lost_and_then_brought_back_is_with_the_customer(house, ret):
    (parcel,) = parcels(ret)
    news(house, parcel, T.IN_TRANSIT, T.LOST)
    assert now(ret).state == ReturnState.LOST

    hear(parcel, [Heard(status=T.RETURNED_TO_SENDER, at=clock.now())], source="ups", at=clock.now())
    house.settle()

    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, Hitch.CAME_BACK)


def test_a_return_that_came_back_may_still_be_cancelled_and_expires_on_its_new_last_day(house, ret):
    (parcel,) = parcels(ret)
    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)

    assert returns.expire_return(now(ret), at=clock.now() + timedelta(days=13)) is False
    assert returns.expire_return(now(ret), at=clock.now() + timedelta(days=16)) is True

    assert (now(ret).state, now(ret).hitch) == (ReturnState.EXPIRED, "")


def test_a_declared_withdrawal_that_comes_back_has_no_last_day(house, ret):
    Return.objects.filter(pk=ret.pk).update(legal_basis=LegalBasis.WITHDRAWAL, expires_on=None)
    (parcel,) = parcels(ret)

    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)

    assert (now(ret).state, now(ret).hitch, now(ret).expires_on) == (ReturnState.APPROVED, Hitch.CAME_BACK, None)


def test_the_customer_is_told_in_japanese(house, ret, mailoutbox):
    type(ret.order).objects.filter(pk=ret.order_id).update(language="ja")
    (parcel,) = parcels(ret)

    news(house, parcel, T.IN_TRANSIT, T.RETURNED_TO_SENDER)

    assert f"返品{ret.number}の荷物がお客様の元に戻ります" in [one.replace(" ", "") for one in subjects(mailoutbox)]


# -- the label's end -------------------------------------------------------------------------------------------------


def test_c1_14_a_label_that_ends_unused_holds_its_return_up_until_there_is_a_new_one(house, ret, fake, mailoutbox):
    """C1.14: the label is older than its validity; the return itself is still open."""
    (parcel,) = parcels(ret)

    expire(house, parcel)

    assert (now(ret).state, now(ret).hitch) == (ReturnState.APPROVED, Hitch.LABEL_EXPIRED)
    assert subjects(mailoutbox) == [EXPIRED.format(number=ret.number)]
    assert counts(house.shop, today=clock.now().date())[View.HELD_UP] == 1
    new_labels(now(ret), at=clock.now(), actor=CUSTOMER)
    house.settle()
    assert now(ret).hitch == ""
    assert [one.state for one in parcels(ret)] == [ParcelState.VOID, ParcelState.READY]
    assert fake.voided == ["fake-1"]
    assert subjects(mailoutbox) == [READY.format(number=ret.number)]


def test_told_again_it_is_one_event_and_one_letter(house, ret, mailoutbox):
    (parcel,) = parcels(ret)
    expire(house, parcel)

    for _twice in range(2):
        returns.mark_label_expired(now(ret), at=clock.now(), actor=SYSTEM)
        expire(house, parcel)

    assert kinds(ret).count("return.label_expired") == 1
    assert len(subjects(mailoutbox)) == 1


def test_a_spare_label_that_ends_is_no_matter_while_another_can_be_used(house, ret, mailoutbox):
    another_parcel(ret, at=clock.now(), actor=CUSTOMER)
    house.settle()
    first, second = parcels(ret)
    mailoutbox.clear()

    expire(house, first)
    assert (now(ret).hitch, subjects(mailoutbox)) == ("", [])
    expire(house, second)

    assert now(ret).hitch == Hitch.LABEL_EXPIRED
    assert len(subjects(mailoutbox)) == 1


def test_a_label_that_ended_and_was_used_all_the_same_moves_its_return(house, ret):
    """C1.14: the carrier took it on its last day, and says so later."""
    (parcel,) = parcels(ret)
    expire(house, parcel)

    news(house, parcel, T.IN_TRANSIT)

    assert (now(ret).state, now(ret).hitch) == (ReturnState.IN_TRANSIT, "")


def test_a_return_whose_own_last_day_is_over_expires_with_its_label(house, ret):
    """C1: ``expired`` is a return's end, by the day until which it was approved."""
    (parcel,) = parcels(ret)
    expire(house, parcel)

    Return.objects.filter(pk=ret.pk).update(expires_on=date(2020, 1, 1))
    returns.expire_return(now(ret), at=clock.now())

    assert (now(ret).state, now(ret).hitch) == (ReturnState.EXPIRED, "")
