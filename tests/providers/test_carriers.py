"""Carriers through karrio: what we send, what a failure means, and what karrio may not do to its host."""

from __future__ import annotations

import json
import logging
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
import time_machine

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import Box, Cost, Label, MaybeBought, News
from saleor_aftercare.providers.labels.carriers import sdk
from tests.contracts.test_label_providers import GRINDER, IN_GERMANY, JAPANESE
from tests.providers.carriers import CARRIERS_PLAYED, Played, played_carriers

pytestmark = pytest.mark.skipif(not sdk.installed("ups"), reason="the extra [carriers] is not installed")


def carrier(slug: str, **more: str) -> registry.LabelProvider:
    return registry.label_provider(slug, dict(CARRIERS_PLAYED[slug].credentials) | more)


def request_for(slug: str, **changes):
    played = CARRIERS_PLAYED[slug]
    return replace(IN_GERMANY, sender=played.customer, recipient=played.shop, **changes)


def sent(played: Played, path: str) -> httpx.Request:
    (found,) = [one for one in played.requests if one.url.path.endswith(path)]
    return found


def test_karrio_does_not_turn_the_checking_of_certificates_off_in_this_process():
    sdk.load()

    assert ssl._create_default_https_context is ssl.create_default_context
    assert ssl._create_default_https_context().verify_mode == ssl.CERT_REQUIRED


def test_karrio_opens_no_connection_but_through_ours():
    import karrio.core.utils.helpers as helpers

    sdk.load()

    assert helpers._urlopen_with_span is sdk._open
    with pytest.raises(RuntimeError, match="outside"):
        helpers.request(url="https://carrier.example.com/")


def test_karrio_writes_nothing_of_a_customer_to_the_log(capfd, caplog):
    caplog.set_level(logging.DEBUG)
    with played_carriers(CARRIERS_PLAYED["ups"]) as played:
        carrier("ups").buy(request_for("ups"))
        played.trouble = lambda _request: httpx.Response(500)
        with pytest.raises(ProviderUnavailable):
            carrier("ups").buy(request_for("ups"))

    out, err = capfd.readouterr()
    assert "Ada" not in out + err + caplog.text
    assert "Springfield" not in out + err + caplog.text


def test_a_ups_return_is_a_label_to_print_from_the_customer_to_the_shop():
    with played_carriers(CARRIERS_PLAYED["ups"]) as played:
        label = carrier("ups", service="ups_ground").buy(request_for("ups"))
        body = json.loads(sent(played, "/ship").content)["ShipmentRequest"]["Shipment"]

    assert body["ReturnService"]["Code"] == "9"
    assert body["Service"]["Code"] == "03"
    assert (body["ShipFrom"]["Address"]["City"], body["ShipTo"]["Address"]["City"]) == ("Springfield", "Chicago")
    assert body["Package"][0]["PackageWeight"]["Weight"] == "2.65"
    assert isinstance(label, Label)
    assert (label.carrier, label.tracking_number) == ("UPS", "1Z999AA10123456784")
    assert label.cost is None  # karrio reads no price from UPS's answer
    assert label.pdf is not None
    assert label.pdf.startswith(b"%PDF-")
    assert label.provider_reference == "1Z999AA10123456784"
    assert label.tracking_url.startswith("https://www.ups.com/")


@pytest.mark.parametrize(
    ("slug", "cost"), [("usps", Cost(Decimal("8.76"), "USD")), ("dhl_express", Cost(Decimal("23.45"), "EUR"))]
)
def test_what_the_label_costs_is_kept_where_karrio_reads_it(slug, cost):
    with played_carriers(CARRIERS_PLAYED[slug]):
        label = carrier(slug).buy(request_for(slug))

    assert isinstance(label, Label)
    assert label.cost == cost


def test_a_dhl_return_names_the_receiver_of_the_contract():
    with played_carriers(CARRIERS_PLAYED["dhl_parcel_de"]) as played:
        carrier("dhl_parcel_de", receiver_id="shop-de").buy(request_for("dhl_parcel_de"))
        order = sent(played, "/returns/v1/orders")

    body = json.loads(order.content)
    assert (body["receiverId"], body["customerReference"]) == ("shop-de", "RMA-1001")
    assert (body["shipper"]["addressStreet"], body["shipper"]["addressHouse"]) == ("Lange Str.", "5")
    assert body["itemWeight"] == {"uom": "kg", "value": 1.2}
    assert order.url.host == "api-eu.dhl.com"


def test_the_carriers_sandbox_is_asked_in_test_mode():
    with played_carriers(CARRIERS_PLAYED["dhl_parcel_de"]) as played:
        carrier("dhl_parcel_de", mode="test").buy(request_for("dhl_parcel_de"))

    assert {one.url.host for one in played.requests} == {"api-sandbox.dhl.com"}


def test_c1_17_returned_goods_across_a_border_are_declared_line_by_line():
    """C1.17: a Swiss customer sends back to Germany; karrio's own check of the account's country is not in the way."""
    swiss = replace(CARRIERS_PLAYED["dhl_parcel_de"].customer, country="CH", postal_code="3011", city="Bern")
    goods = replace(GRINDER, hs_code="821000", origin_country="JP", quantity=2)
    request = replace(request_for("dhl_parcel_de"), sender=swiss, commodities=(goods,))
    with played_carriers(CARRIERS_PLAYED["dhl_parcel_de"]) as played:
        carrier("dhl_parcel_de").buy(request)
        body = json.loads(sent(played, "/returns/v1/orders").content)

    assert body["receiverId"] == "che"
    (item,) = body["customsDetails"]["items"]
    assert (item["itemDescription"], item["packagedQuantity"]) == ("Hand grinder", 2)
    assert (item["hsCode"], item["countryOfOrigin"]) == ("821000", "JPN")
    assert item["itemValue"] == {"currency": "EUR", "value": 29.9}
    assert body["itemValue"] == {"currency": "EUR", "value": 59.8}


@pytest.mark.parametrize(("duties", "incoterm", "payer"), [("ddu", "DDU", "recipient"), ("ddp", "DDP", "sender")])
def test_c1_17_who_pays_duties_is_said(duties, incoterm, payer):
    """C1.17: DDP and DDU."""
    adapter = carrier("ups", duties=duties)
    request = replace(request_for("ups"), sender=JAPANESE)

    customs = adapter._payload(request)["customs"]  # type: ignore[attr-defined]

    assert (customs["content_type"], customs["incoterm"]) == ("RETURN_MERCHANDISE", incoterm)
    assert customs["duty"]["paid_by"] == payer
    assert customs["invoice"] == "RMA-1001"


@pytest.mark.parametrize("slug", ["usps", "canadapost"])
def test_a_carrier_that_takes_returns_at_home_only_says_so_before_anything_is_sent(slug):
    with (
        played_carriers(CARRIERS_PLAYED[slug]) as played,
        pytest.raises(ProviderError, match="only") as caught,
    ):
        carrier(slug).buy(replace(request_for(slug), sender=JAPANESE))

    assert type(caught.value) is ProviderError
    assert played.requests == []


def test_a_parcel_across_a_border_without_a_word_of_what_is_in_it_is_not_sent():
    with pytest.raises(ProviderError, match="customs"):
        carrier("ups").buy(replace(request_for("ups"), sender=JAPANESE, commodities=()))


def trouble_at(path: str, answer: httpx.Response | Exception):
    def trouble(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith(path):
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    return trouble


@pytest.mark.parametrize(
    ("path", "answer", "error"),
    [
        ("/ship", httpx.ConnectError("no"), ProviderUnavailable),
        ("/ship", httpx.ReadTimeout("late"), MaybeBought),
        ("/ship", httpx.Response(502, text="<html>bad gateway</html>"), MaybeBought),
        ("/ship", httpx.Response(200, text="<html>"), MaybeBought),
        ("/ship", httpx.Response(429), ProviderUnavailable),
        ("/ship", httpx.Response(401, json={"response": {"errors": []}}), CredentialsRejected),
        ("/token", httpx.ReadTimeout("late"), ProviderUnavailable),
        ("/token", httpx.Response(500), ProviderUnavailable),
        (
            "/token",
            httpx.Response(401, json={"response": {"errors": [{"code": "1", "message": "x"}]}}),
            CredentialsRejected,
        ),
        (
            "/ship",
            httpx.Response(400, json={"response": {"errors": [{"code": "120900", "message": "Invalid postal code"}]}}),
            ProviderError,
        ),
    ],
)
def test_what_goes_wrong_says_whether_a_label_may_have_been_bought(path, answer, error):
    with played_carriers(CARRIERS_PLAYED["ups"]) as played:
        played.trouble = trouble_at(path, answer)

        with pytest.raises(ProviderError) as caught:
            carrier("ups").buy(request_for("ups"))

    assert type(caught.value) is error
    if error is ProviderError:
        assert "Invalid postal code" in caught.value.message


def test_a_label_whose_paper_got_lost_was_bought_all_the_same():
    """“Paid and lost”: Canada Post sells first and hands the paper over in a second request."""
    with played_carriers(CARRIERS_PLAYED["canadapost"]) as played:
        played.trouble = trouble_at("/artifact/1", httpx.ConnectError("no"))

        with pytest.raises(MaybeBought):
            carrier("canadapost").buy(request_for("canadapost"))


def test_fedex_tracks_with_credentials_of_their_own():
    assert not carrier("fedex").capabilities.tracks
    assert carrier("fedex", track_api_key="k", track_secret_key="s").capabilities.tracks
    with pytest.raises(ProviderError, match="credentials for that are missing"):
        carrier("fedex").track(["1"])


@time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
def test_what_a_carrier_tells_becomes_our_news_and_the_future_waits():
    activity = [
        {
            "location": {"address": {"city": "CHICAGO", "countryCode": "US"}},
            "status": {"type": "D", "description": "DELIVERED", "code": "FS"},
            "date": "20261121",
            "time": "173000",
        },
        {
            "location": {"address": {"city": "CHICAGO", "countryCode": "US"}},
            "status": {"type": "I", "description": "Departed", "code": "DP"},
            "date": "20261201",
            "time": "173000",
        },
    ]
    package = {"trackingNumber": "1Z1", "activity": activity}
    with played_carriers(CARRIERS_PLAYED["ups"]) as played:
        found = {"trackResponse": {"shipment": [{"package": [package]}]}}
        played.trouble = lambda one: httpx.Response(200, json=found) if "/track/" in one.url.path else None

        (news,) = carrier("ups").track(["1Z1"])

    assert (news.tracking_number, news.status, news.description) == ("1Z1", News.DELIVERED, "DELIVERED")
    assert news.at.isoformat() == "2026-11-21T17:30:00+00:00"


@pytest.mark.parametrize(
    ("account", "known", "inches", "pounds"),
    [
        ({}, {"weight_g": 4200, "box": Box(60, 40, 30)}, ("23.62", "15.75", "11.81"), "9.26"),
        # The account's own weight comes before the shop's usual one, and both after what is known.
        ({"default_weight_g": "3000"}, {"weight_g": None, "usual_weight_g": 2500}, ("11.81", "8.66", "4.72"), "6.62"),
        ({}, {"weight_g": None, "usual_weight_g": 2500}, ("11.81", "8.66", "4.72"), "5.51"),
    ],
)
def test_the_carrier_is_told_the_parcels_size_and_weight(account, known, inches, pounds):
    with played_carriers(CARRIERS_PLAYED["ups"]) as played:
        carrier("ups", **account).buy(request_for("ups", **known))
        package = json.loads(sent(played, "/ship").content)["ShipmentRequest"]["Shipment"]["Package"]

    (one,) = package if isinstance(package, list) else [package]
    assert tuple(one["Dimensions"][side] for side in ("Length", "Width", "Height")) == inches
    assert one["PackageWeight"]["Weight"] == pounds


@pytest.mark.parametrize("weight", ["0", "-1", "1.5", "heavy", "10000000"])
def test_a_default_weight_that_is_none_names_the_field(weight):
    with pytest.raises(CredentialsRejected) as caught:
        carrier("ups", default_weight_g=weight)

    assert caught.value.field == "default_weight_g"


def test_without_the_extra_the_provider_is_shown_and_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(sdk, "installed", lambda _carrier: False)

    with pytest.raises(ProviderError, match=r"\[carriers\]"):
        carrier("ups")
