"""Giving labels back, letting them expire, bringing one's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError, ProviderUnavailable, Refused
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.files import content_of
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels.actions import (
    choices_of,
    expire_parcel,
    give_up_case,
    retry_parcel,
    upload_label,
    void_parcel,
)
from saleor_aftercare.parcels.making import schedule_expiry, want_label
from saleor_aftercare.parcels.models import Parcel, ParcelState
from tests.make import DAY, NOON
from tests.make.parcels import make_parcel
from tests.providers.carriers import png

pytestmark = pytest.mark.django_db


def now(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_related("shop", "order", "a6").get(pk=parcel.pk)


def kinds() -> list[str]:
    return list(Event.objects.filter(subject="parcel").order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def bought(order, fake) -> Parcel:
    parcel = make_parcel(order, provider="fake")
    want_label(parcel, at=NOON)
    jobs.run_due()
    return now(parcel)


def test_a_label_is_void_once_its_provider_says_so(bought, fake):
    void_parcel(bought, at=NOON, actor=SYSTEM)
    assert now(bought).state == ParcelState.READY
    assert now(bought).void_wanted_at == NOON

    jobs.run_due()

    assert (now(bought).state, now(bought).void_wanted_at) == (ParcelState.VOID, None)
    assert fake.voided == ["fake-1"]
    assert kinds() == ["parcel.ready", "parcel.voided"]


def test_a_refusal_to_take_the_label_back_is_shown_and_the_label_stays(bought, fake):
    fake.void_failures = [ProviderError("It was scanned already")]
    void_parcel(bought, at=NOON, actor=SYSTEM)

    jobs.run_due()

    kept = now(bought)
    assert (kept.state, kept.error, kept.void_wanted_at) == (ParcelState.READY, "It was scanned already", None)
    assert kinds() == ["parcel.ready", "parcel.void_failed"]


def test_voiding_waits_for_a_carrier_that_is_down_and_gives_up_in_the_end(bought, fake):
    fake.void_failures = [ProviderUnavailable("Down")] * 10
    with time_machine.travel(NOON, tick=False) as clock:
        void_parcel(bought, at=NOON, actor=SYSTEM)
        for _try in range(10):
            clock.move_to(Job.objects.get(kind="parcels.void").due_at)
            jobs.run_due()

    assert (now(bought).state, now(bought).error) == (ParcelState.READY, "Down")
    assert fake.voided == []


def test_pressing_void_twice_asks_once(bought, fake):
    for _twice in range(2):
        void_parcel(bought, at=NOON, actor=SYSTEM)

    jobs.run_due()

    assert fake.voided == ["fake-1"]


def test_what_was_handed_over_cannot_be_given_up(bought):
    bought.move("ship", at=NOON)

    with pytest.raises(Conflict):
        void_parcel(bought, at=NOON, actor=SYSTEM)


def test_giving_up_a_case_voids_what_was_not_sent_and_leaves_the_rest(order, fake):
    sent = make_parcel(order, subject_id=5, position=1, state=ParcelState.IN_TRANSIT)
    wanted = make_parcel(order, subject_id=5, position=2)
    failed = make_parcel(order, subject_id=5, position=3, state=ParcelState.FAILED)

    assert give_up_case(order.shop, ("return", 5), at=NOON, actor=SYSTEM) == 2

    assert [now(one).state for one in (sent, wanted, failed)] == [
        ParcelState.IN_TRANSIT,
        ParcelState.VOID,
        ParcelState.VOID,
    ]


def test_c1_14_a_label_older_than_its_validity_expires_the_day_after(order):
    """C1.14: the last day is inclusive, by the shop's clock; a new label can be asked for."""
    parcel = make_parcel(order, state=ParcelState.READY, expires_on=date(2025, 6, 10))

    expire_parcel(parcel, today=date(2025, 6, 10), at=NOON)
    assert now(parcel).state == ParcelState.READY
    expire_parcel(parcel, today=date(2025, 6, 11), at=NOON)

    assert now(parcel).state == ParcelState.EXPIRED
    assert kinds() == ["parcel.expired"]


def test_c1_14_the_job_comes_at_the_shops_midnight(order):
    """C1.14: in Tokyo the day ends nine hours before it does in London."""
    settings = order.shop.settings
    settings.time_zone = "Asia/Tokyo"
    settings.save()
    parcel = make_parcel(order, state=ParcelState.READY, expires_on=date(2025, 6, 10))
    schedule_expiry(parcel)
    due = Job.objects.get(kind="parcels.expire").due_at
    assert due.isoformat() == "2025-06-10T15:00:00+00:00"

    with time_machine.travel(due, tick=False):
        jobs.run_due()

    assert now(parcel).state == ParcelState.EXPIRED


def test_a_label_that_was_used_does_not_expire(order):
    parcel = make_parcel(order, state=ParcelState.IN_TRANSIT, expires_on=date(2025, 6, 1))

    expire_parcel(parcel, today=date(2025, 7, 1), at=NOON + 30 * DAY)

    assert now(parcel).state == ParcelState.IN_TRANSIT


def upload(parcel: Parcel, data: bytes = b"%PDF-1.7\n", **values) -> Parcel:
    return upload_label(parcel, data=data, **({"carrier": "Hermes", "at": NOON, "actor": SYSTEM} | values))


def test_staff_upload_the_label_that_a_parcel_waits_for(order):
    parcel = make_parcel(order, provider="upload")
    want_label(parcel, at=NOON)
    jobs.run_due()
    assert (now(parcel).state, kinds()) == (ParcelState.AWAITING_NUMBER, ["parcel.awaits_label"])

    upload(now(parcel), tracking_number="H1", cost=Money(Decimal("5.10"), "EUR"), expires_on=date(2025, 7, 1))

    made = now(parcel)
    assert (made.state, made.carrier, made.tracking_number) == (ParcelState.READY, "Hermes", "H1")
    assert (made.cost, made.cost_currency, made.expires_on) == (Decimal("5.100"), "EUR", date(2025, 7, 1))
    assert content_of(made.a6) == b"%PDF-1.7\n"


def test_a_picture_becomes_a_pdf(order):
    parcel = make_parcel(order, provider="upload", state=ParcelState.AWAITING_NUMBER)

    upload(parcel, png())

    assert content_of(now(parcel).a6).startswith(b"%PDF-")


def test_staff_bring_a_label_where_the_carrier_failed_or_where_they_found_what_was_bought(order, fake):
    failed = make_parcel(order, provider="fake", state=ParcelState.FAILED)
    unknown = make_parcel(order, provider="fake", state=ParcelState.UNKNOWN, asked_at=NOON)

    upload(failed)
    upload(unknown, carrier="Fake Parcel", tracking_number="FAKE7")

    assert (now(failed).state, now(failed).provider) == (ParcelState.READY, "upload")
    assert (now(unknown).state, now(unknown).provider) == (ParcelState.READY, "fake")
    assert fake.purchases == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"data": b""}, "file"),
        ({"data": b"<html>"}, "file"),
        ({"data": b"^XA^FO50,50^FDHi^FS^XZ"}, "file"),
        ({"data": b"%PDF-" + b"x" * (10 * 1024 * 1024)}, "file"),
        ({"carrier": " "}, "carrier"),
        ({"carrier": "x" * 61}, "carrier"),
        ({"tracking_number": "x" * 101}, "trackingNumber"),
        ({"tracking_url": "javascript:alert(1)"}, "trackingUrl"),
        ({"cost": Money(Decimal(-1), "EUR")}, "cost"),
    ],
)
def test_an_upload_that_is_no_label_names_the_field_and_changes_nothing(order, values, field):
    parcel = make_parcel(order, provider="upload", state=ParcelState.AWAITING_NUMBER)

    with pytest.raises(InvalidInput) as caught:
        upload(parcel, **values)

    assert caught.value.field == field
    assert now(parcel).state == ParcelState.AWAITING_NUMBER


def test_a_second_upload_is_a_conflict(order):
    parcel = make_parcel(order, provider="upload", state=ParcelState.AWAITING_NUMBER)
    upload(parcel, tracking_number="1")

    with pytest.raises(Conflict):
        upload(parcel, tracking_number="2")

    assert now(parcel).tracking_number == "1"


def test_a_retry_wants_a_provider_that_can_make_labels(order, fake):
    parcel = make_parcel(order, provider="fake", state=ParcelState.FAILED)

    with pytest.raises(Refused) as caught:
        retry_parcel(parcel, provider="webhook", at=NOON, actor=SYSTEM)
    assert caught.value.field == "provider"
    with pytest.raises(InvalidInput):
        retry_parcel(parcel, provider="pigeon", at=NOON, actor=SYSTEM)

    assert now(parcel).state == ParcelState.FAILED


@pytest.mark.parametrize("state", ParcelState)
def test_what_screens_offer_is_what_the_workflow_allows(order, state):
    parcel = make_parcel(order, state=state)
    moves = {"mark_sent": "ship", "mark_arrived": "arrive", "mark_lost": "lose", "mark_returned": "give_back"}

    offered = choices_of(parcel)

    assert {name for name in moves if name in offered.staff} == {
        n for n, move in moves.items() if move in parcel.actions
    }
    assert ("retry" in offered.staff) == ("retry" in parcel.actions)
    assert ("void" in offered.staff) == ("void" in parcel.actions)
    assert set(offered.customer) <= {"mark_sent", "replace"}
    wants_one = state in {ParcelState.EXPIRED, ParcelState.RETURNED}
    assert ("replace" in offered.customer, "replace" in offered.staff) == (wants_one, wants_one)
