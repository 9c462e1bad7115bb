"""Hearing of parcels, both ways: each piece of news once, in whatever order it comes."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from saleor_aftercare.connection.models import DeliverySource, Fulfillment
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import CUSTOMER, SYSTEM
from saleor_aftercare.core.models import Event, Job, JobState
from saleor_aftercare.parcels import tracking
from saleor_aftercare.parcels.actions import (
    Heard,
    hear,
    mark_arrived,
    mark_handed_over,
    mark_lost,
    mark_returned,
    set_tracking,
)
from saleor_aftercare.parcels.making import schedule_poll
from saleor_aftercare.parcels.models import Parcel, ParcelState, ProviderAccount, TrackingEvent, TrackingStatus
from saleor_aftercare.parcels.queries import find_by_code, parcels_of
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import News, TrackingNews
from tests.make import DAY, HOUR, NOON, make_fulfillment, make_order, make_shop
from tests.make.parcels import make_account, make_parcel

pytestmark = pytest.mark.django_db

T = TrackingStatus


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def told(status: TrackingStatus, hours: float, **words: str) -> Heard:
    return Heard(status=status, at=at(hours), **words)


def state(parcel: Parcel) -> str:
    return Parcel.objects.get(pk=parcel.pk).state


def kinds(subject: str = "parcel") -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("pk").values_list("kind", flat=True))


# -- inbound -------------------------------------------------------------------------------------------------------


def test_news_moves_a_parcel_and_is_told_once_each():
    parcel = make_parcel(state=ParcelState.READY)

    for status, hours in [(T.HANDED_OVER, 1), (T.IN_TRANSIT, 5), (T.OUT_FOR_DELIVERY, 20), (T.DELIVERED, 24)]:
        hear(parcel, [told(status, hours)], source="webhook", at=at(hours))

    assert state(parcel) == ParcelState.ARRIVED
    assert kinds() == ["parcel.in_transit", "parcel.arrived"]


def test_the_same_news_again_changes_nothing_whatever_time_zone_it_is_told_in():
    """Webhook replay: an event is known by its digest."""
    parcel = make_parcel(state=ParcelState.READY)
    tokyo = timezone(timedelta(hours=9))
    first = Heard(status=T.IN_TRANSIT, at=datetime(2025, 6, 2, 13, tzinfo=UTC), description="Depot")
    again = Heard(status=T.IN_TRANSIT, at=datetime(2025, 6, 2, 22, tzinfo=tokyo), description="Depot")

    assert hear(parcel, [first], source="webhook", at=at(2)) == 1
    assert hear(parcel, [first, again], source="ups", at=at(3)) == 0

    assert TrackingEvent.objects.count() == 1
    assert kinds() == ["parcel.in_transit"]


@pytest.mark.parametrize(
    "order",
    list(itertools.permutations([(T.HANDED_OVER, 1), (T.LOST, 30), (T.IN_TRANSIT, 40), (T.DELIVERED, 50)])),
)
def test_in_whatever_order_news_comes_the_parcel_ends_where_it_is(order):
    parcel = make_parcel(state=ParcelState.READY)

    for status, hours in order:
        hear(parcel, [told(status, hours)], source="webhook", at=at(60))

    assert state(parcel) == ParcelState.ARRIVED
    assert TrackingEvent.objects.count() == 4


def test_older_news_that_comes_late_does_not_undo_newer():
    parcel = make_parcel(state=ParcelState.READY)
    hear(parcel, [told(T.IN_TRANSIT, 40)], source="webhook", at=at(41))

    hear(parcel, [told(T.LOST, 30)], source="webhook", at=at(42))
    hear(parcel, [told(T.RETURNED_TO_SENDER, 20)], source="webhook", at=at(43))

    assert state(parcel) == ParcelState.IN_TRANSIT


def test_lost_and_found_and_brought_back():
    parcel = make_parcel(state=ParcelState.READY)

    seen = []
    for status, hours in [(T.LOST, 1), (T.IN_TRANSIT, 2), (T.RETURNED_TO_SENDER, 3)]:
        hear(parcel, [told(status, hours)], source="webhook", at=at(hours))
        seen.append(state(parcel))

    assert seen == [ParcelState.LOST, ParcelState.IN_TRANSIT, ParcelState.RETURNED]
    assert kinds() == ["parcel.in_transit", "parcel.lost", "parcel.in_transit", "parcel.returned"]


def test_c1_12_what_is_scanned_and_delivered_on_the_way_back_was_delivered_to_its_sender():
    """C1.12, RTS: the carrier's “delivered” at the end of the way back is no arrival at the warehouse."""
    parcel = make_parcel(state=ParcelState.IN_TRANSIT)
    for status, hours in [(T.RETURNED_TO_SENDER, 3), (T.IN_TRANSIT, 4), (T.DELIVERED, 5), (T.RETURNED_TO_SENDER, 6)]:
        hear(parcel, [told(status, hours)], source="ups", at=at(hours))

    assert state(parcel) == ParcelState.RETURNED
    assert kinds() == ["parcel.returned"]
    assert TrackingEvent.objects.count() == 4

    mark_handed_over(parcel, at=at(7), actor=CUSTOMER)
    assert state(parcel) == ParcelState.IN_TRANSIT


def test_c1_14_a_label_that_expired_may_have_been_used_all_the_same():
    """C1.14: the carrier took it on its last day, and says so later."""
    parcel = make_parcel(state=ParcelState.EXPIRED)

    hear(parcel, [told(T.IN_TRANSIT, 1)], source="webhook", at=at(2))

    assert state(parcel) == ParcelState.IN_TRANSIT


def test_news_from_the_future_is_refused_for_it_would_outrank_all_that_follows():
    parcel = make_parcel(state=ParcelState.READY)

    with pytest.raises(InvalidInput) as caught:
        hear(parcel, [told(T.IN_TRANSIT, 2)], source="webhook", at=at(1))

    assert caught.value.field == "at"
    assert not TrackingEvent.objects.exists()


def test_a_mere_note_is_kept_and_moves_nothing():
    parcel = make_parcel(state=ParcelState.READY)

    assert hear(parcel, [told(T.INFO, 1, description="Label printed")], source="ups", at=at(2)) == 1

    assert state(parcel) == ParcelState.READY


# -- by hand -------------------------------------------------------------------------------------------------------


def test_the_customer_says_that_it_was_sent_with_the_number_on_the_receipt():
    parcel = make_parcel(state=ParcelState.READY)

    for _twice in range(2):
        mark_handed_over(parcel, tracking_number=" 1234 ", at=at(1), actor=CUSTOMER)

    now = Parcel.objects.get(pk=parcel.pk)
    assert (now.state, now.tracking_number) == (ParcelState.IN_TRANSIT, "1234")
    assert TrackingEvent.objects.get().source == "customer"
    assert Event.objects.get(kind="parcel.in_transit").actor_kind == "customer"


@pytest.mark.parametrize("number", ["", "x" * 101, "12\x0034"])
def test_a_number_that_is_none_is_refused(number):
    parcel = make_parcel(state=ParcelState.READY)

    with pytest.raises(InvalidInput) as caught:
        set_tracking(parcel, tracking_number=number, at=at(1), actor=SYSTEM)

    assert caught.value.field == "trackingNumber"


def test_what_was_not_sent_cannot_be_lost_nor_brought_back():
    parcel = make_parcel(state=ParcelState.READY)

    for mark in (mark_lost, mark_returned):
        with pytest.raises(Conflict):
            mark(parcel, at=at(1), actor=SYSTEM)

    assert state(parcel) == ParcelState.READY


def test_staff_mark_what_they_see():
    parcel = make_parcel(state=ParcelState.IN_TRANSIT)

    mark_lost(parcel, at=at(1), actor=SYSTEM)
    assert state(parcel) == ParcelState.LOST
    mark_arrived(parcel, at=at(2), actor=SYSTEM)

    assert state(parcel) == ParcelState.ARRIVED


# -- outbound ------------------------------------------------------------------------------------------------------


def outbound(**values) -> Fulfillment:
    order = make_order(make_shop(), delivered=NOON + DAY, delivered_source=DeliverySource.ESTIMATE)
    sent = order.fulfillments.get()
    Fulfillment.objects.filter(pk=sent.pk).update(tracking_number="OUT1", **values)
    return Fulfillment.objects.get(pk=sent.pk)


def test_a_carriers_delivery_replaces_the_estimate_with_its_confidence():
    sent = outbound()

    hear(sent, [told(T.IN_TRANSIT, -20), told(T.DELIVERED, -2)], source="webhook", at=NOON)

    sent.refresh_from_db()
    assert (sent.delivered_source, sent.delivered_confidence) == (DeliverySource.CARRIER, 95)
    assert sent.delivered_at == at(-2)


def test_c1_12_an_outgoing_parcel_that_comes_back_is_told_once():
    """C1.12: returned to sender without any request."""
    sent = outbound()
    news = told(T.RETURNED_TO_SENDER, -1, description="Refused")

    for _twice in range(2):
        hear(sent, [news], source="webhook", at=NOON)

    (event,) = Event.objects.filter(kind="fulfillment.returned_to_sender")
    assert (event.subject_id, event.data) == (sent.pk, {"tracking_number": "OUT1"})


# -- polling -------------------------------------------------------------------------------------------------------


def news(number: str, status: News, hours: float) -> TrackingNews:
    return TrackingNews(tracking_number=number, status=status, at=at(hours))


def test_parcels_are_asked_about_in_batches_and_less_often_until_they_arrive(order, fake):
    parcels = [
        make_parcel(order, state=ParcelState.READY, provider="fake", tracking_number=f"P{n}", poll_at=NOON)
        for n in range(35)
    ]
    fake.news = [news("P0", News.IN_TRANSIT, -1), news("P1", News.DELIVERED, -1)]
    with time_machine.travel(NOON, tick=False) as clock:
        schedule_poll(order.shop, "fake", due_at=NOON)
        jobs.run_due()
        assert [len(numbers) for numbers in fake.asked_about] == [30, 5]
        assert [state(one) for one in parcels[:3]] == [ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.READY]

        job = Job.objects.get(kind="parcels.poll")
        assert (job.state, job.due_at) == (JobState.PENDING, NOON + 4 * HOUR)
        clock.move_to(job.due_at)
        jobs.run_due()
        assert sum(len(numbers) for numbers in fake.asked_about) == 35 + 34

        clock.move_to(NOON + 20 * DAY)
        jobs.run_due()
        assert Job.objects.get(kind="parcels.poll").due_at == NOON + 22 * DAY

        clock.move_to(NOON + 70 * DAY)
        jobs.run_due()
        assert Job.objects.get(kind="parcels.poll").state == JobState.DONE
    assert not Parcel.objects.filter(poll_at__isnull=False).exists()


def test_news_that_makes_no_sense_does_not_keep_us_from_the_others(order, fake):
    first, second = (
        make_parcel(order, state=ParcelState.READY, provider="fake", tracking_number=number, poll_at=NOON)
        for number in ("A", "B")
    )
    fake.news = [news("A", News.IN_TRANSIT, 48), news("B", News.IN_TRANSIT, -1)]

    tracking.poll(order.shop, "fake", at=NOON)

    assert (state(first), state(second)) == (ParcelState.READY, ParcelState.IN_TRANSIT)


def test_a_provider_that_rejects_the_credentials_is_told_and_nothing_is_forgotten(order, fake):
    parcel = make_parcel(order, state=ParcelState.READY, provider="fake", tracking_number="A", poll_at=NOON)
    fake.rejects_credentials = True

    with pytest.raises(CredentialsRejected):
        tracking.poll(order.shop, "fake", at=NOON)

    assert ProviderAccount.objects.get().rejected_at == NOON
    assert Parcel.objects.get(pk=parcel.pk).poll_at == NOON


def test_outgoing_parcels_are_asked_about_where_the_shop_wants_that(shop, fake):
    order = make_order(shop, delivered=NOON + DAY, delivered_source=DeliverySource.ESTIMATE)
    known = make_fulfillment(order, tracking_number="KNOWN", delivered=NOON - DAY)
    sent = order.fulfillments.exclude(pk=known.pk).get()
    Fulfillment.objects.filter(pk=sent.pk).update(tracking_number="OUT1")
    fake.news = [news("OUT1", News.DELIVERED, -1)]
    account = ProviderAccount.objects.get(shop=shop)
    with time_machine.travel(NOON, tick=False):
        tracking.schedule_outbound(shop, "fake", due_at=NOON)
        jobs.run_due()
        assert fake.asked_about == []

        account.tracks_outbound = True
        account.save()
        tracking.schedule_outbound(shop, "fake", due_at=NOON)
        jobs.run_due()

        assert fake.asked_about == [("OUT1",)]
        assert Job.objects.get(kind="parcels.poll_outbound").due_at == NOON + 6 * HOUR
    sent.refresh_from_db()
    assert sent.delivered_source == DeliverySource.CARRIER


# -- finding -------------------------------------------------------------------------------------------------------


def test_a_code_finds_its_parcel_by_number_reference_or_tracking_in_this_shop_only():
    parcel = make_parcel(case_number="RMA-1001", tracking_number="44123390", state=ParcelState.READY)
    second = make_parcel(
        parcel.order, case_number="RMA-1001", subject_id=parcel.subject_id, position=2, state=ParcelState.IN_TRANSIT
    )
    shop = parcel.shop

    assert find_by_code(shop, " 4412 3390 ") == parcel
    assert find_by_code(shop, parcel.reference) == parcel
    assert find_by_code(shop, "rma-1001-2") == second
    assert find_by_code(shop, "RMA-1001") == second
    assert find_by_code(shop, "RMA-9999") is None
    assert find_by_code(shop, "") is None
    assert find_by_code(shop, "\x00") is None
    assert find_by_code(make_shop(), "RMA-1001") is None


def test_the_parcels_of_many_cases_cost_two_queries(django_assert_num_queries):
    shop = make_shop()
    order = make_order(shop)
    for n in range(5):
        parcel = make_parcel(order, subject_id=n)
        hear(parcel, [told(T.INFO, 0)], source="staff", at=at(1))

    with django_assert_num_queries(2):
        found = parcels_of(shop, "return", range(5))
        assert [len(parcels[0].events.all()) for parcels in found.values()] == [1] * 5
    assert parcels_of(make_shop(), "return", [1]) == {1: []}


def test_an_account_of_another_shop_does_not_exist(shop, fake):
    other = make_shop()

    assert not ProviderAccount.objects.filter(shop=other).exists()
    assert make_account(other, api_key="other").pk != ProviderAccount.objects.get(shop=shop).pk
