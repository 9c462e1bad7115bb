"""The promises of ``LabelProvider``, kept by every adapter and by the fake that other tests use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from saleor_aftercare.core import outside
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import (
    Awaited,
    CallbackProvider,
    Commodity,
    Cost,
    Label,
    LabelProvider,
    LabelRequest,
    ListProvider,
    MaybeBought,
    Payer,
)
from saleor_aftercare.providers.labels.carriers import sdk as karrio_sdk
from saleor_aftercare.providers.labels.printable import PrintableLabels
from tests.fakes import FakeLabelProvider
from tests.providers.carriers import CARRIERS_PLAYED, played_carriers
from tests.providers.program import SECRET, LabelProgram

JAPANESE = PostalAddress(
    name="山田 太郎",
    street1="神南1-19-11",
    city="渋谷区",
    country_area="東京都",
    postal_code="150-0041",
    country="JP",
    phone="0312345678",
)
JAPANESE_SHOP = PostalAddress(
    company="北風商店",
    street1="神宮前1-2-3",
    city="渋谷区",
    country_area="東京都",
    postal_code="150-0001",
    country="JP",
    phone="0398765432",
)
BERLINER = PostalAddress(
    name="Ada Example", street1="Lange Str. 5", city="Berlin", postal_code="10115", country="DE", phone="+4930123456"
)
GERMAN_SHOP = PostalAddress(
    company="Laden GmbH", street1="Hafenweg 1", city="Hamburg", postal_code="20095", country="DE", phone="+4940123456"
)
GRINDER = Commodity(name="Hand grinder", quantity=1, value=Decimal("29.90"), currency="EUR", weight_g=800, sku="G-1")
REQUEST = LabelRequest(
    reference="northwind.RMA-1001",
    return_number="RMA-1001",
    sender=JAPANESE,
    recipient=JAPANESE_SHOP,
    payer=Payer.MERCHANT,
    language="ja",
    weight_g=1200,
    commodities=(GRINDER,),
)
IN_GERMANY = replace(REQUEST, sender=BERLINER, recipient=GERMAN_SHOP, language="en")


@dataclass(frozen=True)
class Case:
    """How to build an adapter, what to ask of it, and who plays the other side meanwhile."""

    build: Callable[[], LabelProvider]
    request: LabelRequest = REQUEST
    outside: Callable[[], AbstractContextManager[object]] = nullcontext


@contextmanager
def label_program() -> Iterator[None]:
    with outside.using_transport(LabelProgram().transport()):
        yield


WEBHOOK = {"url": "https://labels.example.com/aftercare", "secret": SECRET, "features": "void+track"}

#: How to build each adapter, against recorded answers where it speaks HTTP.
ADAPTERS: dict[str, Case] = {
    "printable": Case(lambda: registry.label_provider("printable")),
    "upload": Case(lambda: registry.label_provider("upload")),
    "webhook": Case(lambda: registry.label_provider("webhook", WEBHOOK), IN_GERMANY, label_program),
    "yamato_b2": Case(lambda: registry.label_provider("yamato_b2", {"customer_code": "031234567800"})),
    "sagawa_ehiden": Case(lambda: registry.label_provider("sagawa_ehiden")),
    "japan_post_yupri": Case(lambda: registry.label_provider("japan_post_yupri")),
    **{
        slug: Case(
            lambda slug=slug, played=played: registry.label_provider(slug, played.credentials),  # type: ignore[misc]
            replace(IN_GERMANY, sender=played.customer, recipient=played.shop),
            lambda played=played: played_carriers(played),  # type: ignore[misc]
        )
        for slug, played in CARRIERS_PLAYED.items()
    },
    "fake": Case(FakeLabelProvider),
}


@pytest.fixture(params=sorted(ADAPTERS))
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param in CARRIERS_PLAYED and not karrio_sdk.installed(request.param):
        pytest.skip("the extra [carriers] is not installed")
    found = ADAPTERS[request.param]
    with ExitStack() as stack:
        stack.enter_context(found.outside())
        yield found


@pytest.fixture
def provider(case: Case) -> LabelProvider:
    return case.build()


def test_every_registered_adapter_is_under_contract():
    assert set(registry.label_provider_slugs()) <= set(ADAPTERS)


def test_an_adapter_is_a_label_provider_with_its_own_slug(provider: LabelProvider):
    assert isinstance(provider, LabelProvider)
    assert provider.slug == type(provider).slug
    assert provider.slug.isidentifier()


def test_what_settings_show_of_a_provider_is_the_most_that_it_can_do(provider: LabelProvider):
    if provider.slug == "fake":
        return
    shown = registry.label_provider_kind(provider.slug).capabilities

    can = provider.capabilities

    promised = {f.name for f in dataclasses.fields(can) if getattr(can, f.name)} - {"several_parcels"}
    assert promised <= {f.name for f in dataclasses.fields(shown) if getattr(shown, f.name)}


def test_credentials_that_nobody_asked_for_are_refused_by_name(provider: LabelProvider):
    if provider.slug == "fake":
        return
    with pytest.raises(CredentialsRejected) as caught:
        registry.label_provider(provider.slug, {"pigeon": "1"})

    assert caught.value.field == "pigeon"


def test_trying_the_credentials_buys_nothing_and_returns(provider: LabelProvider):
    provider.verify()


def test_a_label_names_its_carrier_and_is_usable_or_is_awaited(case: Case, provider: LabelProvider):
    label = provider.buy(case.request)

    if isinstance(label, Awaited):
        assert provider.capabilities.uploads or provider.capabilities.exports
        return
    assert isinstance(label, Label)
    assert label.carrier
    assert label.pdf is None or label.pdf.startswith(b"%PDF-")


def test_asking_twice_for_one_reference_gives_the_same_label_where_that_is_promised(
    case: Case, provider: LabelProvider
):
    if not provider.capabilities.deduplicates:
        return
    first = provider.buy(case.request)

    assert provider.buy(case.request) == first
    assert provider.buy(replace(case.request, weight_g=900)) == first


def test_what_was_bought_is_found_where_that_is_promised(case: Case, provider: LabelProvider):
    if not provider.capabilities.finds:
        return
    bought = provider.buy(case.request)

    assert provider.find(case.request.reference) == bought


def test_a_label_is_given_back_where_that_is_promised_and_again_without_harm(case: Case, provider: LabelProvider):
    if not provider.capabilities.voids:
        return
    bought = provider.buy(case.request)
    assert isinstance(bought, Label)

    provider.void(bought.provider_reference)
    provider.void(bought.provider_reference)


def test_numbers_that_the_provider_does_not_know_are_left_out_of_its_news(provider: LabelProvider):
    if not provider.capabilities.tracks:
        return
    assert list(provider.track(["NOBODYS1"])) == []


def test_what_is_not_promised_is_a_provider_error(provider: LabelProvider):
    can = provider.capabilities
    if not can.voids:
        with pytest.raises(ProviderError):
            provider.void("x")
    if not can.tracks:
        with pytest.raises(ProviderError):
            provider.track(["x"])
    assert isinstance(provider, ListProvider) == can.exports
    assert isinstance(provider, CallbackProvider) == (provider.slug == "webhook")


def test_a_request_may_leave_the_weight_open(case: Case, provider: LabelProvider):
    assert provider.buy(replace(case.request, weight_g=None))


def test_our_own_labels_are_printed_by_us_and_cost_nothing():
    assert PrintableLabels({}).buy(REQUEST) == Label(carrier="printable")


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


def test_the_fake_loses_an_answer_after_it_has_sold():
    fake = FakeLabelProvider(lost_answers=1)

    with pytest.raises(MaybeBought):
        fake.buy(REQUEST)

    assert fake.purchases == [REQUEST.reference]


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
        lambda: Label(carrier="X" * 61),
        lambda: Label(carrier="X", pdf=b"<html>"),
        lambda: Label(carrier="X", customs=b"<html>"),
        lambda: Label(carrier="X", tracking_number="1\n2"),
        lambda: Label(carrier="X", tracking_number="1" * 101),
        lambda: Label(carrier="X", dropoff_code="1" * 301),
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


@pytest.mark.parametrize(
    ("countries", "crosses"),
    [
        (("DE", "DE"), False),
        (("FR", "DE"), False),
        (("MC", "FR"), False),
        (("CH", "LI"), False),
        (("US", "PR"), False),
        (("GB", "IM"), False),
        (("GB", "DE"), True),
        (("JP", "US"), True),
        (("NO", "SE"), True),
        (("XK", "DE"), True),
    ],
)
def test_a_parcel_crosses_a_border_where_customs_look_at_it(countries: tuple[str, str], crosses: bool):
    sender, recipient = (replace(BERLINER, country=country) for country in countries)

    assert replace(REQUEST, sender=sender, recipient=recipient).crosses_border is crosses


def test_northern_ireland_and_the_union_know_no_border_for_goods():
    belfast = replace(BERLINER, country="GB", postal_code="BT1 1AA")

    assert not replace(REQUEST, sender=belfast, recipient=GERMAN_SHOP).crosses_border
