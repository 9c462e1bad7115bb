"""The promises of ``LabelProvider``, kept by every adapter and by the fake that other tests use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.labels.base import Cost, Label, LabelProvider, LabelRequest, Payer
from saleor_aftercare.providers.labels.printable import PrintableLabels
from tests.fakes import FakeLabelProvider

CUSTOMER = PostalAddress(name="山田 太郎", street1="神南1-19-11", city="渋谷区", country_area="東京都", country="JP")
SHOP = PostalAddress(company="Northwind Ltd", street1="Dock Road 1", city="Manchester", country="GB")
REQUEST = LabelRequest(
    reference="northwind.RT-1001",
    return_number="RT-1001",
    sender=CUSTOMER,
    recipient=SHOP,
    payer=Payer.MERCHANT,
    language="ja",
    weight_g=1200,
)

#: How to build each adapter, against recorded answers where it speaks HTTP.
ADAPTERS: dict[str, Callable[[], LabelProvider]] = {
    "printable": lambda: PrintableLabels({}),
    "fake": FakeLabelProvider,
}


@pytest.fixture(params=sorted(ADAPTERS))
def provider(request: pytest.FixtureRequest) -> LabelProvider:
    return ADAPTERS[request.param]()


def test_every_registered_adapter_is_under_contract():
    assert set(registry.label_provider_slugs()) <= set(ADAPTERS)


def test_an_adapter_is_a_label_provider_with_its_own_slug(provider: LabelProvider):
    assert isinstance(provider, LabelProvider)
    assert provider.slug == type(provider).slug
    assert provider.slug.isidentifier()


def test_a_label_names_its_carrier_and_is_usable(provider: LabelProvider):
    label = provider.buy(REQUEST)

    assert isinstance(label, Label)
    assert label.carrier
    assert label.pdf is None or label.pdf.startswith(b"%PDF-")


def test_asking_twice_for_one_reference_gives_the_same_label(provider: LabelProvider):
    first = provider.buy(REQUEST)

    assert provider.buy(REQUEST) == first


def test_asking_again_after_the_details_changed_still_gives_the_first_label(provider: LabelProvider):
    first = provider.buy(REQUEST)

    assert provider.buy(replace(REQUEST, weight_g=900)) == first


def test_a_request_may_leave_the_weight_open(provider: LabelProvider):
    assert provider.buy(replace(REQUEST, weight_g=None)).carrier


def test_our_own_labels_are_printed_by_us_and_cost_nothing():
    assert PrintableLabels({}).buy(REQUEST) == Label(carrier="printable")


def test_our_own_labels_refuse_credentials_that_were_meant_for_another():
    with pytest.raises(ProviderError, match="take no credentials"):
        PrintableLabels({"api_key": "secret"})


def test_the_fake_sells_two_labels_for_two_references():
    fake = FakeLabelProvider()

    numbers = {fake.buy(replace(REQUEST, reference=reference)).tracking_number for reference in ("a.1", "a.2")}

    assert numbers == {"FAKE00000001", "FAKE00000002"}


def test_the_fake_fails_once_and_sells_nothing_meanwhile():
    fake = FakeLabelProvider(failures=[ProviderUnavailable("The carrier is down", retry_after_s=30)])

    with pytest.raises(ProviderUnavailable) as caught:
        fake.buy(REQUEST)

    assert caught.value.retry_after_s == 30
    assert fake.sold == {}
    assert fake.buy(REQUEST).tracking_number == "FAKE00000001"


def test_the_registry_builds_an_adapter_by_its_slug():
    assert registry.label_provider_slugs() == ("printable",)
    assert registry.label_provider("printable", {}).slug == "printable"


def test_an_unknown_slug_is_a_provider_error_that_names_it():
    with pytest.raises(ProviderError, match="called 'pigeon_post'") as caught:
        registry.label_provider("pigeon_post", {})

    assert caught.value.field == "label_provider"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "with space"}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"return_number": "返品1"}, "return_number"),
        ({"return_number": "RT-1\n"}, "return_number"),
        ({"language": "de"}, "language"),
        ({"weight_g": 0}, "weight_g"),
        ({"weight_g": -5}, "weight_g"),
        ({"recipient": PostalAddress(name="Nobody", country="GB")}, "recipient.street1"),
    ],
)
def test_a_request_that_nobody_could_fulfil_names_the_field(change: dict[str, object], field: str):
    with pytest.raises(InvalidInput) as caught:
        replace(REQUEST, **change)

    assert caught.value.field == field


@pytest.mark.parametrize(
    "build",
    [
        lambda: Label(carrier=""),
        lambda: Label(carrier="X", pdf=b"<html>"),
        lambda: Label(carrier="X", tracking_url="javascript:alert(1)"),
        lambda: Label(carrier="X", tracking_url="https://"),
        lambda: Cost(Decimal(-1), "EUR"),
        lambda: Cost(Decimal("NaN"), "EUR"),
        lambda: Cost(Decimal(1), "euro"),
    ],
)
def test_an_answer_that_is_no_label_is_a_provider_error(build: Callable[[], object]):
    with pytest.raises(ProviderError):
        build()


def test_a_label_may_expire():
    assert Label(carrier="X", expires_on=date(2027, 1, 31)).expires_on == date(2027, 1, 31)
