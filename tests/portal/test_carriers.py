"""The door for delivery events."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from saleor_aftercare.connection.models import DeliverySource, Fulfillment
from saleor_aftercare.core.models import Event
from tests.make import DAY, NOON, make_fulfillment, make_order, make_shop

pytestmark = pytest.mark.django_db

SECRET = "acc_secret"
AT = (NOON - timedelta(hours=1)).isoformat()


@pytest.fixture
def parcel() -> Fulfillment:
    shop = make_shop(settings={"carrier_secret": SECRET})
    order = make_order(shop, delivered=NOON + DAY, delivered_source=DeliverySource.ESTIMATE)
    return order.fulfillments.get()


def tell(parcel: Fulfillment, *, secret: str = SECRET, handle: str = "", raw: str = "", **changes: Any):
    event = {"tracking_number": parcel.tracking_number, "status": "delivered", "at": AT} | changes
    return Client(enforce_csrf_checks=True).post(
        f"/carriers/{handle or parcel.shop.handle}/events/",
        raw or json.dumps(event),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )


def test_a_carriers_word_replaces_the_estimate_once(parcel):
    answers = [tell(parcel) for _ in range(2)]

    assert [(a.status_code, a.json()) for a in answers] == [(200, {"parcels": 1})] * 2
    parcel.refresh_from_db()
    assert (parcel.delivered_source, parcel.delivered_at.isoformat()) == (DeliverySource.CARRIER, AT)
    assert Event.objects.filter(kind="fulfillment.delivered").count() == 1


def test_two_parcels_under_one_number_arrive_together(parcel):
    second = make_fulfillment(parcel.order, tracking_number=parcel.tracking_number)

    assert tell(parcel).json() == {"parcels": 2}
    second.refresh_from_db()
    assert second.delivered_source == DeliverySource.CARRIER


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tracking_number": ""}, "tracking_number"),
        ({"tracking_number": None}, "tracking_number"),
        ({"tracking_number": 7}, "tracking_number"),
        ({"tracking_number": "x" * 256}, "tracking_number"),
        ({"tracking_number": "x\x00"}, "tracking_number"),
        ({"status": "vanished"}, "status"),
        ({"status": None}, "status"),
        ({"at": ""}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": 1700000000}, "at"),
        ({"at": "2025-06-02T10:00:00"}, "at"),
        ({"at": "2025-13-02T10:00:00Z"}, "at"),
        ({"at": (NOON + DAY).isoformat()}, "at"),
        ({"at": (NOON - 90 * DAY).isoformat()}, "at"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(parcel, changes, field):
    response = tell(parcel, **changes)

    (error,) = response.json()["errors"]
    assert (response.status_code, error["field"]) == (400, field)
    parcel.refresh_from_db()
    assert parcel.delivered_source == DeliverySource.ESTIMATE


@pytest.mark.parametrize("raw", ["{", "[]", "7", '"x"', "\x00", "1" * 20_000])
def test_what_is_no_event_is_refused(parcel, raw):
    assert tell(parcel, raw=raw).status_code == 400


def test_an_unknown_parcel_and_another_shops_parcel_are_not_found(parcel):
    theirs = make_order().fulfillments.get()

    assert tell(parcel, tracking_number="UNKNOWN").status_code == 404
    assert tell(parcel, tracking_number=theirs.tracking_number).status_code == 404


def test_without_the_secret_nothing_is_told(parcel):
    other = make_shop(settings={"carrier_secret": "acc_other"})
    without = make_shop()

    answers = [
        tell(parcel, secret=""),
        tell(parcel, secret="wrong"),
        tell(parcel, handle=other.handle),
        tell(parcel, handle=without.handle),
        tell(parcel, handle="nowhere"),
    ]

    assert {(a.status_code, a.content) for a in answers} == {(401, answers[0].content)}
    assert Client().get(f"/carriers/{parcel.shop.handle}/events/").status_code == 405
