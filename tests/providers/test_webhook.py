"""Labels from a merchant's own program."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable, Unauthenticated
from saleor_aftercare.core.signatures import signature
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import Awaited, Box, Cost, From, Label, MaybeBought, News, TrackingNews
from saleor_aftercare.providers.labels.webhook import WebhookLabels
from tests.contracts.test_label_providers import IN_GERMANY, JAPANESE, WEBHOOK
from tests.providers.carriers import b64, png
from tests.providers.program import PDF, SECRET, LabelProgram, label_of

AT = datetime(2025, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def program():
    program = LabelProgram()
    with outside.using_transport(program.transport()):
        yield program


@pytest.fixture
def labels(program) -> WebhookLabels:
    return WebhookLabels(WEBHOOK)


def test_a_purchase_says_everything_that_a_carrier_wants_and_carries_the_reference_as_key(program, labels):
    label = labels.buy(IN_GERMANY)

    assert label == Label(
        carrier="Pigeon Post",
        tracking_number="PP00000001",
        tracking_url="https://pigeons.example/1",
        cost=Cost(Decimal("3.20"), "EUR"),
        pdf=PDF,
        expires_on=date(2027, 1, 31),
        provider_reference="pp-1",
        dropoff_code="PIGEON:1",
    )
    (asked,) = program.asked
    assert (asked["version"], asked["action"]) == (1, "buy")
    request = asked["request"]
    assert (request["reference"], request["return_number"]) == ("northwind.RMA-1001", "RMA-1001")
    assert (request["sender"]["city"], request["recipient"]["company"]) == ("Berlin", "Laden GmbH")
    assert (request["payer"], request["weight_g"], request["customs"]) == ("merchant", 1200, None)
    assert (request["box_cm"], request["usual_weight_g"], request["handover"]) == ([30, 22, 12], 1000, "label")
    assert program.headers[0]["Idempotency-Key"] == "northwind.RMA-1001"


def test_the_program_hears_the_size_and_whether_the_customer_has_no_printer(program, labels):
    labels.buy(replace(IN_GERMANY, box=Box(60, 40, 30), usual_weight_g=2500, prefers_dropoff=True))

    request = program.asked[0]["request"]
    assert (request["box_cm"], request["usual_weight_g"], request["handover"]) == ([60, 40, 30], 2500, "dropoff")


@pytest.mark.parametrize(
    ("features", "can"),
    [("", (False, False, False)), ("dropoff", (False, False, True)), ("void+track+dropoff", (True, True, True))],
)
def test_a_program_can_what_the_merchant_says_that_it_can(features, can):
    able = WebhookLabels({**WEBHOOK, "features": features}).capabilities

    assert (able.voids, able.tracks, able.dropoff_codes) == can


def test_c1_17_a_parcel_across_a_border_declares_returned_goods(program, labels):
    """C1.17: what is inside, worth what, and who pays duties."""
    labels.buy(replace(IN_GERMANY, sender=JAPANESE))

    customs = program.asked[0]["request"]["customs"]
    assert (customs["reason"], customs["duties"]) == ("returned_goods", "ddu")
    assert customs["items"] == [
        {
            "name": "Hand grinder",
            "quantity": 1,
            "value": "29.90",
            "currency": "EUR",
            "weight_g": 800,
            "sku": "G-1",
            "hs_code": "",
            "origin_country": "",
        }
    ]


def test_a_program_may_take_its_time_and_call_back(program, labels):
    program.asynchronous = True

    assert labels.buy(IN_GERMANY) == Awaited(From.PROVIDER, "p-northwind.RMA-1001")

    body = json.dumps({"reference": "northwind.RMA-1001", "status": "ready", "label": label_of(1)}).encode()
    called = labels.read_callback(signature(SECRET, body, at=AT), body, at=AT)
    assert (called.reference, called.problem) == ("northwind.RMA-1001", "")
    assert called.label is not None
    assert called.label.tracking_number == "PP00000001"


def test_a_callback_may_say_that_there_will_be_no_label(labels):
    body = json.dumps({"reference": "r", "status": "refused", "error": "No such street"}).encode()

    called = labels.read_callback(signature(SECRET, body, at=AT), body, at=AT)

    assert (called.label, called.problem) == (None, "No such street")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"status":"ready"}',
        b'{"reference":"r","status":"accepted"}',
        b'{"reference":"r","status":"ready"}',
    ],
)
def test_a_callback_that_says_nothing_is_refused(labels, body):
    with pytest.raises(ProviderError):
        labels.read_callback(signature(SECRET, body, at=AT), body, at=AT)


def test_a_callback_of_a_stranger_is_refused_before_it_is_read(labels):
    with pytest.raises(Unauthenticated):
        labels.read_callback(signature("somebody else's secret", b"{", at=AT), b"{", at=AT)


def test_a_picture_is_a_label_too(program, labels):
    ready = {"status": "ready", "label": label_of(1) | {"label_base64": b64(png())}}
    program.answers = [httpx.Response(200, json=ready)]

    label = labels.buy(IN_GERMANY)

    assert isinstance(label, Label)
    assert label.pdf is not None
    assert label.pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ConnectError("no"), ProviderUnavailable),
        (httpx.ConnectTimeout("no"), ProviderUnavailable),
        (httpx.Response(429, headers={"Retry-After": "30"}), ProviderUnavailable),
        (httpx.Response(503), ProviderUnavailable),
        (httpx.ReadTimeout("late"), MaybeBought),
        (httpx.RemoteProtocolError("broken"), MaybeBought),
        (httpx.Response(500), MaybeBought),
        (httpx.Response(200, content=b"<html>"), MaybeBought),
        (httpx.Response(401), CredentialsRejected),
        (httpx.Response(422, json={"error": "No such street"}), ProviderError),
        (httpx.Response(302, headers={"Location": "http://127.0.0.1/"}), ProviderError),
        (httpx.Response(200, json={"status": "none"}), ProviderError),
        (httpx.Response(200, json={"status": "fine"}), ProviderError),
        (httpx.Response(200, json={"status": "refused", "error": "Too heavy"}), ProviderError),
    ],
)
def test_what_goes_wrong_with_a_purchase_says_whether_a_label_may_exist(program, labels, answer, error):
    program.answers = [answer]

    with pytest.raises(ProviderError) as caught:
        labels.buy(IN_GERMANY)

    assert type(caught.value) is error


def test_the_programs_own_reason_is_shown(program, labels):
    program.answers = [httpx.Response(422, json={"error": "No such street"})]

    with pytest.raises(ProviderError, match="No such street"):
        labels.buy(IN_GERMANY)


@pytest.mark.parametrize(
    "change",
    [
        {"carrier": ""},
        {"carrier": 7},
        {"tracking_number": ["x"]},
        {"tracking_url": "javascript:alert(1)"},
        {"cost": {"amount": 3.2, "currency": "EUR"}},
        {"cost": {"amount": "-1", "currency": "EUR"}},
        {"cost": {"amount": "a", "currency": "EUR"}},
        {"cost": {"amount": "1", "currency": "euro"}},
        {"expires_on": "tomorrow"},
        {"expires_on": 20270131},
        {"label_base64": "%%%"},
        {"label_base64": b64(b"<html>")},
        {"label_base64": b64(b"^XA^XZ")},
        {"customs_base64": "%%%"},
    ],
)
def test_a_label_that_is_none_is_refused(program, labels, change):
    program.answers = [httpx.Response(200, json={"status": "ready", "label": label_of(1) | change})]

    with pytest.raises(ProviderError):
        labels.buy(IN_GERMANY)


def test_news_comes_as_documented_and_of_asked_numbers_only(program, labels):
    event = {"tracking_number": "PP1", "status": "in_transit", "at": "2025-06-02T12:00:00+09:00", "location": "Köln"}
    program.events = [event, event | {"tracking_number": "OTHER"}]

    (news,) = labels.track(["PP1"])

    at = datetime.fromisoformat("2025-06-02T12:00:00+09:00")
    assert news == TrackingNews(tracking_number="PP1", status=News.IN_TRANSIT, at=at, location="Köln")


@pytest.mark.parametrize("change", [{"at": "2025-06-02T12:00:00"}, {"status": "vanished"}, {"tracking_number": None}])
def test_news_of_another_shape_is_refused(program, labels, change):
    event = {"tracking_number": "PP1", "status": "in_transit", "at": "2025-06-02T12:00:00+09:00"} | change
    program.events = [event]

    if change.get("tracking_number", "PP1") is None:
        assert list(labels.track(["PP1"])) == []
        return
    with pytest.raises(ProviderError):
        labels.track(["PP1"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://labels.example.com"}, "url"),
        ({"url": "https://user:x@labels.example.com"}, "url"),
        ({"secret": "short"}, "secret"),
        ({"features": "fly"}, "features"),
    ],
)
def test_credentials_that_cannot_work_name_the_field(change, field):
    with pytest.raises(CredentialsRejected) as caught:
        WebhookLabels(WEBHOOK | change)

    assert caught.value.field == field


def test_ssrf_an_address_in_our_own_network_is_a_credential_that_does_not_work():
    labels = WebhookLabels(WEBHOOK | {"url": "https://127.0.0.1/labels"})

    with pytest.raises(CredentialsRejected) as caught:
        labels.verify()

    assert caught.value.field == "url"


def test_neither_secret_nor_address_is_in_a_message(program, labels):
    program.answers = [httpx.ReadTimeout("https://labels.example.com Lange Str. 5")]

    with pytest.raises(MaybeBought) as caught:
        labels.buy(IN_GERMANY)

    assert SECRET not in caught.value.message
    assert "Lange" not in caught.value.message
