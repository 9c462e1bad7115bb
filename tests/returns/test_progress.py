"""What becomes of an approved return on its way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from saleor_aftercare.connection.models import FulfillmentLine, ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import CUSTOMER, SYSTEM, Actor
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.reception import receive_return
from tests.make import DAY, HOUR, NOON, Line, make_file, make_order, make_policy, make_return

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def approved(**values: Any) -> Return:
    """An approved return whose last day to send is the 16th; its label waits to be made."""
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop, ship_within_days=14)
    ret = make_return(order, **values)
    return actions.approve_return(ret, at=NOON, actor=MEI)


def kinds() -> list[str]:
    return list(Event.objects.filter(subject="return").values_list("kind", flat=True))


# -- giving up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ReturnState.REQUESTED, ReturnState.MORE_INFO, ReturnState.APPROVED])
def test_until_it_is_sent_the_customer_may_think_better_of_it(state):
    ret = make_return(state=state)

    actions.cancel_return(ret, at=NOON, actor=CUSTOMER)

    assert (ret.state, kinds()) == (ReturnState.CANCELED, ["return.canceled"])


def test_cancelling_gives_the_label_up():
    ret = approved()

    actions.cancel_return(ret, at=NOON, actor=CUSTOMER)

    assert Parcel.objects.get().state == ParcelState.VOID
    assert Job.objects.get(kind="returns.expire").state == JobState.CANCELLED


@pytest.mark.parametrize(
    ("state", "words"),
    [(ReturnState.IN_TRANSIT, "on its way"), (ReturnState.ARRIVED, "with us"), (ReturnState.RECEIVED, "with us")],
)
def test_afterwards_it_is_said_what_helps_instead(state, words):
    ret = make_return(state=state)

    with pytest.raises(Conflict, match=words):
        actions.cancel_return(ret, at=NOON, actor=CUSTOMER)

    assert (Return.objects.get().state, kinds()) == (state, [])


def test_a_parcel_that_moved_before_anybody_noted_it_cannot_be_cancelled_either():
    ret = approved()
    Parcel.objects.update(state=ParcelState.IN_TRANSIT)

    with pytest.raises(Conflict, match="on its way"):
        actions.cancel_return(ret, at=NOON, actor=CUSTOMER)


# -- the last day ----------------------------------------------------------------------------------------------------


def test_a_return_expires_when_its_last_day_is_over_where_the_shop_lives():
    """C1.14: a label, or an authorisation, older than its validity."""
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop, ship_within_days=14)
    ShopSettings.objects.filter(shop=order.shop).update(time_zone="Asia/Tokyo")

    ret = actions.approve_return(make_return(order), at=NOON, actor=MEI)

    end = datetime(2025, 6, 16, 15, tzinfo=UTC)  # midnight in Tokyo
    assert Job.objects.get(kind="returns.expire").due_at == end
    assert actions.expire_return(ret, at=end - HOUR) is False
    assert actions.expire_return(ret, at=end) is True
    assert actions.expire_return(ret, at=end) is False
    assert (Return.objects.get().state, kinds()[-1]) == (ReturnState.EXPIRED, "return.expired")
    assert queries.eligibility(order, at=NOON)[0].facts.returnable == 2


def test_three_days_before_the_customer_is_reminded_once():
    approved()

    job = Job.objects.get(kind="returns.remind")
    assert (job.due_at, job.payload["expires_on"]) == (datetime(2025, 6, 13, 12, tzinfo=UTC), "2025-06-16")


@pytest.mark.parametrize("moved", [ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.LOST])
def test_a_return_whose_parcel_moved_does_not_expire(moved):
    ret = approved()
    Parcel.objects.update(state=moved)

    assert actions.expire_return(ret, at=NOON + 30 * DAY) is False
    assert Return.objects.get().state == ReturnState.APPROVED


def test_a_declared_withdrawal_never_expires():
    ret = make_return(state=ReturnState.APPROVED, legal_basis=LegalBasis.WITHDRAWAL, expires_on=NOON.date())

    assert actions.expire_return(ret, at=NOON + 300 * DAY) is False


def test_an_expired_return_is_opened_again_with_a_new_last_day_and_a_parcel_that_can_be_sent():
    ret = approved()
    Parcel.objects.update(state=ParcelState.EXPIRED)
    actions.expire_return(ret, at=NOON + 15 * DAY)
    ret.refresh_from_db()

    actions.renew_return(ret, at=NOON + 20 * DAY, actor=MEI)

    assert (ret.state, ret.expires_on) == (ReturnState.APPROVED, (NOON + 34 * DAY).date())
    # The label that nobody can use any more is given up for the new one.
    assert list(Parcel.objects.order_by("position").values_list("state", flat=True)) == ["void", "wanted"]
    job = Job.objects.get(kind="returns.expire")
    assert (job.state, job.due_at) == (JobState.PENDING, datetime(2025, 7, 7, tzinfo=UTC))


def test_units_that_were_asked_back_otherwise_meanwhile_cannot_be_renewed():
    ret = approved()
    ret.move("expire", at=NOON)
    make_return(ret.order, units={ret.order.lines.get(): 2})

    with pytest.raises(Conflict, match="otherwise"):
        actions.renew_return(ret, at=NOON, actor=MEI)

    assert Return.objects.get(pk=ret.pk).state == ReturnState.EXPIRED


def test_a_declined_return_waits_for_a_decision_again():
    ret = make_return(state=ReturnState.DECLINED)

    actions.renew_return(ret, at=NOON, actor=MEI)

    assert (ret.state, ret.decline_reason) == (ReturnState.REQUESTED, "")


def test_a_request_that_was_cancelled_before_anybody_decided_is_not_approved_by_the_back_door():
    ret = make_return(state=ReturnState.CANCELED)

    with pytest.raises(Conflict):
        actions.renew_return(ret, at=NOON, actor=MEI)


# -- under way -------------------------------------------------------------------------------------------------------


def test_what_is_told_twice_counts_once():
    ret = approved()

    for _ in range(2):
        actions.mark_sent(Return.objects.get(pk=ret.pk), at=NOON + DAY)
    for _ in range(2):
        actions.mark_lost(Return.objects.get(pk=ret.pk), at=NOON + 9 * DAY)
    for _ in range(2):
        actions.mark_arrived(Return.objects.get(pk=ret.pk), at=NOON + 20 * DAY)

    fresh = Return.objects.get(pk=ret.pk)
    assert kinds()[1:] == ["return.sent", "return.lost", "return.arrived"]
    assert (fresh.sent_at, fresh.arrived_at) == (NOON + DAY, NOON + 20 * DAY)
    assert Job.objects.get(kind="returns.expire").state == JobState.CANCELLED


def test_a_parcel_that_was_sent_a_little_late_brings_its_return_back_to_life():
    ret = approved()
    actions.expire_return(ret, at=NOON + 15 * DAY)

    actions.mark_sent(Return.objects.get(pk=ret.pk), at=NOON + 16 * DAY)

    assert Return.objects.get(pk=ret.pk).state == ReturnState.IN_TRANSIT


def test_a_late_parcel_whose_units_are_in_another_return_is_a_matter_for_staff():
    ret = approved()
    actions.expire_return(ret, at=NOON + 15 * DAY)
    make_return(ret.order, units={ret.order.lines.get(): 2})

    with pytest.raises(Conflict):
        actions.mark_sent(Return.objects.get(pk=ret.pk), at=NOON + 16 * DAY)

    assert Return.objects.get(pk=ret.pk).state == ReturnState.EXPIRED


# -- nothing is sent ---------------------------------------------------------------------------------------------------


def test_some_items_stay_with_the_customer_and_the_rest_is_still_waited_for():
    order = make_order(delivered=NOON - DAY, lines=(Line(), Line(sku="LID-1")))
    kettle, lid = order.lines.all()
    ret = actions.approve_return(make_return(order, units={kettle: 1, lid: 1}), at=NOON, actor=MEI)
    first, second = ret.lines.order_by("pk")

    actions.keep_items(ret, lines=[second], at=NOON, actor=MEI)
    assert (ret.state, [one.kept for one in ret.lines.order_by("pk")]) == (ReturnState.APPROVED, [False, True])
    actions.keep_items(ret, lines=[first], at=NOON, actor=MEI)

    assert (ret.state, ret.received_at) == (ReturnState.RECEIVED, NOON)
    assert Parcel.objects.get().state == ParcelState.VOID


def test_what_was_lost_on_the_way_is_compensated_like_what_is_kept():
    ret = approved()
    actions.mark_sent(ret, at=NOON)
    actions.mark_lost(ret, at=NOON)

    actions.keep_items(ret, at=NOON, actor=MEI)

    assert (ret.state, ret.lines.get().kept) == (ReturnState.RECEIVED, True)
    with pytest.raises(Conflict):
        actions.keep_items(ret, at=NOON, actor=MEI)


def test_a_line_of_another_return_cannot_be_kept_here():
    ret, other = approved(), approved()

    with pytest.raises(InvalidInput):
        actions.keep_items(ret, lines=[other.lines.get()], at=NOON, actor=MEI)


# -- more photos -------------------------------------------------------------------------------------------------------


def test_photos_and_words_may_follow_as_long_as_it_is_open():
    ret = make_return()
    photos = [make_file(ret.shop, name=f"{n}.jpg", content_type="image/jpeg") for n in range(7)]

    actions.add_photos(ret, photos=photos[:6], note=" The other side. ", at=NOON, actor=CUSTOMER)
    with pytest.raises(InvalidInput) as many:
        actions.add_photos(ret, photos=photos[6:], at=NOON, actor=CUSTOMER)
    with pytest.raises(InvalidInput) as nothing:
        actions.add_photos(ret, at=NOON, actor=CUSTOMER)
    actions.cancel_return(ret, at=NOON, actor=CUSTOMER)
    with pytest.raises(Conflict):
        actions.add_photos(ret, note="Late", at=NOON, actor=CUSTOMER)

    assert (many.value.field, nothing.value.field) == ("photos", "photos")
    assert ret.lines.get().photos.count() == 6
    added = Event.objects.get(kind="return.photos_added")
    assert added.data == {"text": "The other side.", "photos": [photo.pk for photo in photos[:6]]}


# -- without a request, without a refund -------------------------------------------------------------------------------


def test_a_parcel_that_a_carrier_brings_back_is_received_without_any_refund():
    """C1.12: parcel returned by carrier (RTS) with no request: receive without refund."""
    order = make_order(lines=(Line(), Line(sku="LID-1", quantity=1)))
    make_policy(order.shop)
    parcel = order.fulfillments.get()

    ret = actions.record_undeliverable(parcel, arrived=True, at=NOON, actor=MEI)
    with pytest.raises(Refused):
        actions.record_undeliverable(parcel, arrived=True, at=NOON, actor=MEI)
    receive_return(ret, lines=None, at=NOON, actor=MEI)
    with pytest.raises(InvalidInput) as wrong:
        actions.resolve_return(ret, at=NOON, actor=MEI)
    actions.resolve_return(ret, note="Sent again to the right address", at=NOON, actor=MEI)

    assert (ret.source, ret.state, wrong.value.field) == ("warehouse", ReturnState.RESOLVED, "note")
    assert [(line.quantity, line.reason) for line in ret.lines.order_by("pk")] == [
        (2, "undeliverable"),
        (1, "undeliverable"),
    ]
    assert not Parcel.objects.exists()
    assert not Job.objects.filter(kind__startswith="compensation.").exists()


def test_only_what_is_still_in_the_parcel_comes_back_with_it():
    order = make_order()
    make_policy(order.shop)
    FulfillmentLine.objects.filter(fulfillment__order=order).update(quantity=1)

    ret = actions.record_undeliverable(order.fulfillments.get(), arrived=False, at=NOON, actor=SYSTEM)

    assert (ret.state, ret.lines.get().quantity) == (ReturnState.IN_TRANSIT, 1)
