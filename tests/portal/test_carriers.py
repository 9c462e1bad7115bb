"""The door for delivery events."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from saleor_aftercare.connection.models import DeliverySource, Fulfillment
from saleor_aftercare.core.models import Event
from saleor_aftercare.core.signatures import HEADER, signature
from saleor_aftercare.parcels.models import Parcel, ParcelState, TrackingEvent
from tests.make import DAY, NOON, make_fulfillment, make_order, make_shop
from tests.make.parcels import make_account, make_parcel
from tests.providers.program import SECRET as PROGRAM_SECRET
from tests.providers.program import label_of

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


# -- parcels on their way back, several events, signatures --------------------------------------------------------


def post(shop, body: bytes, **headers: str):
    return Client(enforce_csrf_checks=True).post(
        f"/carriers/{shop.handle}/events/", body, content_type="application/json", headers=headers
    )


def batch(*events: dict[str, Any]) -> bytes:
    return json.dumps({"events": list(events)}).encode()


def test_one_door_takes_news_of_both_directions(parcel):
    back = make_parcel(parcel.order, state=ParcelState.READY, tracking_number="BACK1")
    out = {"tracking_number": parcel.tracking_number, "status": "delivered", "at": AT}
    sent = {"tracking_number": "BACK1", "status": "in_transit", "at": AT, "description": "Depot", "location": "Köln"}

    answer = post(parcel.shop, batch(out, sent), Authorization=f"Bearer {SECRET}")

    assert (answer.status_code, answer.json()) == (200, {"parcels": 2})
    parcel.refresh_from_db()
    assert parcel.delivered_source == DeliverySource.CARRIER
    assert Parcel.objects.get(pk=back.pk).state == ParcelState.IN_TRANSIT
    assert back.events.get().location == "Köln"


def test_a_batch_is_taken_whole_or_not_at_all_and_names_the_event_at_fault(parcel):
    good = {"tracking_number": parcel.tracking_number, "status": "delivered", "at": AT}

    answer = post(parcel.shop, batch(good, good | {"tracking_number": "NOBODYS"}), Authorization=f"Bearer {SECRET}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "events.1.tracking_number")
    parcel.refresh_from_db()
    assert parcel.delivered_source == DeliverySource.ESTIMATE
    assert not TrackingEvent.objects.exists()


@pytest.mark.parametrize("events", [[], [1], "x", [{}] * 101, {}])
def test_a_batch_of_another_shape_is_refused(parcel, events):
    answer = post(parcel.shop, json.dumps({"events": events}).encode(), Authorization=f"Bearer {SECRET}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "events")


def test_a_signature_stands_for_the_bearer_and_webhook_replay_is_refused(parcel):
    body = batch({"tracking_number": parcel.tracking_number, "status": "delivered", "at": AT})
    header = signature(SECRET, body, at=datetime.now(tz=UTC))

    assert post(parcel.shop, body, **{HEADER: header}).status_code == 200
    assert post(parcel.shop, body, **{HEADER: header}).status_code == 200
    assert TrackingEvent.objects.count() == 1
    old = signature(SECRET, body, at=datetime.now(tz=UTC) - timedelta(minutes=6))
    assert post(parcel.shop, body, **{HEADER: old}).status_code == 401
    assert post(parcel.shop, body + b" ", **{HEADER: header}).status_code == 401
    assert post(parcel.shop, body, **{HEADER: signature("wrong", body, at=datetime.now(tz=UTC))}).status_code == 401


def test_a_number_of_another_shop_is_nobodys(parcel):
    other = make_shop(settings={"carrier_secret": "other"})

    answer = post(
        other,
        batch({"tracking_number": parcel.tracking_number, "status": "delivered", "at": AT}),
        Authorization="Bearer other",
    )

    assert answer.status_code == 404


# -- labels that were promised --------------------------------------------------------------------------------------


def call_back(shop, data: dict[str, Any], *, secret: str = PROGRAM_SECRET, provider: str = "webhook"):
    body = json.dumps(data).encode()
    return Client(enforce_csrf_checks=True).post(
        f"/carriers/{shop.handle}/labels/{provider}/",
        body,
        content_type="application/json",
        headers={HEADER: signature(secret, body, at=datetime.now(tz=UTC))},
    )


@pytest.fixture
def awaited(parcel) -> Parcel:
    make_account(parcel.shop, "webhook", url="https://labels.example.com/x", secret=PROGRAM_SECRET)
    return make_parcel(parcel.order, provider="webhook", state=ParcelState.AWAITING_NUMBER, asked_at=NOON)


def test_a_promised_label_comes_in_and_counts_once(awaited):
    ready = {"reference": awaited.reference, "status": "ready", "label": label_of(1)}

    answers = [call_back(awaited.shop, ready) for _twice in range(2)]

    assert [(one.status_code, one.json()) for one in answers] == [(200, {"state": "ready"})] * 2
    now = Parcel.objects.get(pk=awaited.pk)
    assert (now.carrier, now.tracking_number, now.dropoff_code) == ("Pigeon Post", "PP00000001", "PIGEON:1")
    assert Event.objects.filter(kind="parcel.ready").count() == 1


def test_a_promise_may_be_taken_back(awaited):
    refused = {"reference": awaited.reference, "status": "refused", "error": "No such street"}

    answer = call_back(awaited.shop, refused)

    assert answer.json() == {"state": "failed"}
    assert Parcel.objects.get(pk=awaited.pk).error == "No such street"


def test_a_stranger_learns_nothing_at_this_door(awaited):
    ready = {"reference": awaited.reference, "status": "ready", "label": label_of(1)}
    other = make_shop()

    codes = [
        call_back(awaited.shop, ready, secret="a forged secret of many characters").status_code,
        call_back(other, ready).status_code,
        call_back(awaited.shop, ready, provider="printable").status_code,
        call_back(awaited.shop, ready, provider="pigeon").status_code,
    ]

    assert codes == [401] * 4
    assert Parcel.objects.get(pk=awaited.pk).state == ParcelState.AWAITING_NUMBER


def test_a_reference_that_is_nobodys_and_a_label_that_is_none_are_told(awaited):
    assert call_back(awaited.shop, {"reference": "x", "status": "ready", "label": label_of(1)}).status_code == 404
    broken = {"reference": awaited.reference, "status": "ready", "label": {"carrier": ""}}
    assert call_back(awaited.shop, broken).status_code == 400
    assert Parcel.objects.get(pk=awaited.pk).state == ParcelState.AWAITING_NUMBER
