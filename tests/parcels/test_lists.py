"""Parcels that go into a list for a carrier's program, and the numbers that come back."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import jobs
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.files import content_of
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels import lists
from saleor_aftercare.parcels.making import make_label, want_label
from saleor_aftercare.parcels.models import CarrierFile, Parcel, ParcelState, ProviderAccount
from saleor_aftercare.providers.labels.lists import base
from tests.make import NOON, make_order, make_shop, serial
from tests.providers.test_shipping_lists import HANAKO, SHOP

YAMATO = "yamato_b2"


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop in Japan with a Yamato contract."""
    shop = make_shop()
    ProviderAccount.objects.create(
        shop=shop,
        provider=YAMATO,
        credentials=json.dumps({"customer_code": "0312345678"}),
        updated_at=NOON,
    )
    return shop


def make_listed(shop: Shop, *, sender: PostalAddress = HANAKO, **values: object) -> Parcel:
    """A parcel that waits for Yamato's next list."""
    n = serial()
    order = make_order(shop, shipping_address=sender.to_json(), language="ja")
    return Parcel.objects.create(
        **{
            "shop": shop,
            "subject": "return",
            "subject_id": n,
            "case_number": f"RMA-{1000 + n}",
            "order": order,
            "reference": f"shop.RMA-{1000 + n}",
            "provider": YAMATO,
            "state": ParcelState.WANTED,
            "state_since": NOON,
            "payer": "merchant",
            "recipient": SHOP.to_json(),
            "contents": [{"name": "手挽きミル", "quantity": 1, "reason": "不良品", "line": None}],
            "created_at": NOON,
        }
        | values
    )


def numbers_in(made: CarrierFile) -> list[str]:
    """Our numbers in a list."""
    text = content_of(made.file).decode("cp932")
    return [row["お客様管理番号"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def exported(pairs: dict[str, str]) -> bytes:
    """What B2 Cloud would export for these slips."""
    return base.encode(
        [["お客様管理番号", "送り状種類", "クール区分", "伝票番号"], *([a, "5", "", b] for a, b in pairs.items())]
    )


def test_a_list_holds_every_parcel_that_waits_for_that_carrier_and_the_next_one_none_of_them(shop):
    first, second = make_listed(shop), make_listed(shop)
    make_listed(shop, provider="printable")
    make_listed(make_shop())

    made = lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)

    assert numbers_in(made) == [first.case_number, second.case_number]
    assert set(made.parcels.values_list("state", flat=True)) == {ParcelState.AWAITING_NUMBER}
    with pytest.raises(Refused, match="No parcel waits"):
        lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)


def test_a_parcel_that_fits_no_slip_stays_behind_with_the_reason_and_the_others_go(shop):
    abroad = make_listed(shop, sender=PostalAddress(**{**HANAKO.to_json(), "country": "FR"}))
    paid_by_customer = make_listed(shop, payer="customer")
    fine = make_listed(shop)

    made = lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)

    assert numbers_in(made) == [fine.case_number]
    abroad.refresh_from_db()
    paid_by_customer.refresh_from_db()
    assert (abroad.state, paid_by_customer.state) == (ParcelState.WANTED, ParcelState.WANTED)
    assert "not in Japan" in abroad.error
    assert "parcels that the shop pays" in paid_by_customer.error


def test_what_a_job_could_not_do_is_told_in_the_shops_language(shop):
    ShopSettings.objects.filter(shop=shop).update(default_language="ja")
    abroad = make_listed(shop, sender=PostalAddress(**{**HANAKO.to_json(), "country": "FR"}))

    want_label(abroad, at=NOON)
    jobs.run_due()

    abroad.refresh_from_db()
    assert (abroad.state, abroad.error) == (
        ParcelState.FAILED,
        "お客様の住所を使えません。日本国内の住所ではありません。",
    )


def test_a_list_that_was_lost_is_made_again_from_chosen_parcels(shop):
    parcel = make_listed(shop)
    lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)

    again = lists.export_list(shop, provider=YAMATO, parcels=[parcel.pk], at=NOON, actor=SYSTEM)

    assert numbers_in(again) == [parcel.case_number]


def test_another_shops_parcel_cannot_be_chosen(shop):
    foreign = make_listed(make_shop())

    with pytest.raises(InvalidInput) as refused:
        lists.export_list(shop, provider=YAMATO, parcels=[foreign.pk], at=NOON, actor=SYSTEM)

    assert refused.value.field == "parcels"


def test_the_numbers_that_come_back_make_the_labels(shop):
    parcel, other = make_listed(shop), make_listed(shop)
    lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)
    data = exported({parcel.case_number: "491234567890", "RMA-1": "491234567905"})

    numbers = lists.read_back(shop, provider=YAMATO, data=data, at=NOON, actor=SYSTEM)

    parcel.refresh_from_db()
    other.refresh_from_db()
    assert (numbers.labeled, numbers.unknown) == ([parcel.case_number], ["RMA-1"])
    assert (parcel.state, parcel.carrier, parcel.tracking_number) == (ParcelState.READY, "Yamato", "491234567890")
    assert parcel.tracking_url.endswith("pno=491234567890")
    assert parcel.a6_id is not None
    assert other.state == ParcelState.AWAITING_NUMBER


def test_reading_a_file_twice_changes_nothing_and_another_number_is_left_to_staff(shop):
    parcel = make_listed(shop)
    lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)
    data = exported({parcel.case_number: "491234567890"})
    lists.read_back(shop, provider=YAMATO, data=data, at=NOON, actor=SYSTEM)

    again = lists.read_back(shop, provider=YAMATO, data=data, at=NOON, actor=SYSTEM)
    other = exported({parcel.case_number: "491234567905"})
    disputed = lists.read_back(shop, provider=YAMATO, data=other, at=NOON, actor=SYSTEM)

    parcel.refresh_from_db()
    assert (again.known, disputed.closed) == ([parcel.case_number], [parcel.case_number])
    assert parcel.tracking_number == "491234567890"


def test_a_second_parcel_of_a_case_has_a_number_of_its_own(shop):
    first = make_listed(shop)
    second = make_listed(shop, case_number=first.case_number, subject_id=first.subject_id, position=2)

    made = lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM)
    lists.read_back(
        shop, provider=YAMATO, data=exported({f"{first.case_number}-2": "491234567890"}), at=NOON, actor=SYSTEM
    )

    second.refresh_from_db()
    assert numbers_in(made) == [first.case_number, f"{first.case_number}-2"]
    assert second.tracking_number == "491234567890"


def test_a_provider_without_lists_is_refused_by_name(shop):
    for provider in ("printable", "nobody"):
        with pytest.raises(InvalidInput, match="shipping lists"):
            lists.export_list(shop, provider=provider, at=NOON, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_press_together_never_list_a_parcel_twice():
    shop = make_shop()
    ProviderAccount.objects.create(
        shop=shop, provider=YAMATO, credentials=json.dumps({"customer_code": "0312345678"}), updated_at=NOON
    )
    parcels = [make_listed(shop) for _n in range(6)]

    def press(_n: int) -> list[str]:
        try:
            return numbers_in(lists.export_list(shop, provider=YAMATO, at=NOON, actor=SYSTEM))
        except Refused:
            return []
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        listed = [number for numbers in pool.map(press, range(2)) for number in numbers]

    assert sorted(listed) == sorted(parcel.case_number for parcel in parcels)


def test_a_parcel_that_no_list_could_ever_hold_fails_at_once_so_that_staff_choose_another_way(shop):
    fine, abroad = make_listed(shop), make_listed(shop, sender=PostalAddress(**{**HANAKO.to_json(), "country": "FR"}))

    for parcel in (fine, abroad):
        make_label(parcel, tries=1, at=NOON)

    fine.refresh_from_db()
    abroad.refresh_from_db()
    assert (fine.state, abroad.state) == (ParcelState.WANTED, ParcelState.FAILED)
    assert "not in Japan" in abroad.error
