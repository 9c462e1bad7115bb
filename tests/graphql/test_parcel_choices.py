"""Over the API: how a parcel is handed in, its packing slip, its size, and a new label for one that came back."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import jobs
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.providers.labels.base import Box, Capabilities
from saleor_aftercare.returns.models import Return, ReturnState
from tests.fakes import FakeLabelProvider, fake_labels
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.make import DAY, NOON, make_file, make_order, make_return
from tests.make.parcels import WAREHOUSE_ADDRESS, make_account, make_parcel

pytestmark = pytest.mark.django_db

CODES = Capabilities(deduplicates=True, finds=True, dropoff_codes=True)
PARCEL = "number state slipUrl handover handoverChoices lengthCm widthCm heightCm weightG actions"


@pytest.fixture
def fake():
    with fake_labels(FakeLabelProvider(capabilities=CODES, dropoff=True)) as carrier:
        yield carrier


@pytest.fixture
def ret(fake: FakeLabelProvider) -> Return:
    shop = shop_with_key()
    ShopSettings.objects.filter(shop=shop).update(label_provider="fake", return_address=WAREHOUSE_ADDRESS.to_json())
    make_account(shop)
    order = make_order(shop, delivered=NOON - DAY)
    return make_return(order, state=ReturnState.APPROVED, payer="merchant")


def the_parcel(ret: Return, **values: Any) -> Parcel:
    given = {"subject_id": ret.pk, "case_number": ret.number, "provider": "fake", "state": ParcelState.READY}
    return make_parcel(ret.order, **(given | values))


def press(asker: Any, name: str, row: Any, declared: str = "", arguments: str = "", **values: Any) -> dict[str, Any]:
    text = f"""mutation ($id: ID!{declared}) {{ {name}(id: $id{arguments}) {{
      parcel {{ {PARCEL} }} return {{ hitch }} errors {{ field code }} }} }}"""
    return asker.ask(text, id=to_global_id(type(row).__name__, row.pk), **values).data[name]


def handed(asker: Any, parcel: Parcel, way: str) -> dict[str, Any]:
    return press(asker, "parcelHandoverSet", parcel, ", $way: ParcelHandover!", ", handover: $way", way=way)


def test_customers_choose_between_label_and_code_of_their_own_parcel(ret):
    parcel = the_parcel(ret, a6=make_file(ret.shop), slip=make_file(ret.shop), dropoff_image=make_file(ret.shop))
    me = as_customer(ret.order)

    chosen = handed(me, parcel, "DROPOFF")

    assert chosen["errors"] == []
    assert (chosen["parcel"]["handover"], chosen["parcel"]["handoverChoices"]) == ("DROPOFF", ["LABEL", "DROPOFF"])
    assert chosen["parcel"]["slipUrl"].startswith("http")
    Parcel.objects.filter(pk=parcel.pk).update(dropoff_image=None, handover="label")
    refused = handed(me, parcel, "DROPOFF")
    assert refused["errors"] == [{"field": "handover", "code": "INVALID"}]
    Parcel.objects.filter(pk=parcel.pk).update(state="in_transit")
    assert handed(me, parcel, "LABEL")["errors"][0]["code"] == "CONFLICT"


def test_staff_say_how_large_and_heavy_it_is_and_the_provider_is_told(ret, fake):
    size = {"lengthCm": 60, "widthCm": 40, "heightCm": 30, "weightG": 5400}
    added = press(as_staff(ret.shop), "returnParcelAdd", ret, ", $size: ParcelSizeInput", ", size: $size", size=size)
    jobs.run_due()

    assert added["errors"] == []
    assert {name: added["parcel"][name] for name in size} == size
    (asked,) = fake.requests
    assert (asked.box, asked.weight_g) == (Box(60, 40, 30), 5400)


def test_a_size_that_none_is_names_its_field_and_customers_measure_nothing(ret):
    declared, given = ", $size: ParcelSizeInput", ", size: $size"

    wrong = press(as_staff(ret.shop), "returnParcelAdd", ret, declared, given, size={"weightG": 70001})
    customers = press(as_customer(ret.order), "returnParcelAdd", ret, declared, given, size={"weightG": 700})

    assert wrong["errors"] == [{"field": "weightG", "code": "INVALID"}]
    assert customers["errors"][0]["code"] == "PERMISSION_DENIED"
    assert not Parcel.objects.exists()


def test_c1_12_a_parcel_that_came_back_gets_one_new_label_however_often_it_is_asked_for(ret):
    """C1.12, RTS."""
    Return.objects.filter(pk=ret.pk).update(hitch="came_back")
    parcel = the_parcel(ret, state=ParcelState.RETURNED)
    me = as_customer(ret.order)

    first, second = press(me, "parcelReplace", parcel), press(me, "parcelReplace", parcel)

    assert (first["errors"], first["return"]) == ([], {"hitch": None})
    assert first["parcel"]["number"] == second["parcel"]["number"] == f"{ret.number}-2"
    assert Parcel.objects.count() == 2


def test_a_parcel_of_somebody_else_is_neither_replaced_nor_handed_in(ret):
    parcel = the_parcel(ret, state=ParcelState.RETURNED)
    other = as_customer(make_order(ret.shop, email="else@example.com", user_id="VXNlcjo5OQ=="))

    assert press(other, "parcelReplace", parcel)["errors"][0]["code"] == "NOT_FOUND"
    assert handed(other, parcel, "LABEL")["errors"][0]["code"] == "NOT_FOUND"
    assert Parcel.objects.count() == 1


def test_the_usual_parcel_is_read_and_changed_by_who_may_change_settings(ret):
    fields = "parcelDefaults { lengthCm widthCm heightCm weightG }"
    editor = as_staff(ret.shop, ("MANAGE_ORDERS", "MANAGE_SETTINGS"))
    change = (
        "mutation ($input: ParcelDefaultsInput!) { parcelDefaultsUpdate(input: $input) { %s errors { field code } } }"
    )

    assert editor.ask(f"{{ {fields} }}").data["parcelDefaults"] == {
        "lengthCm": 30,
        "widthCm": 22,
        "heightCm": 12,
        "weightG": 1000,
    }
    saved = editor.ask(change % fields, input={"weightG": 2000}).data["parcelDefaultsUpdate"]
    half = editor.ask(change % fields, input={"lengthCm": 10}).data["parcelDefaultsUpdate"]
    clerk = as_staff(ret.shop, ("MANAGE_ORDERS",)).ask(change % fields, input={"weightG": 5})

    assert (saved["errors"], saved["parcelDefaults"]["weightG"], saved["parcelDefaults"]["lengthCm"]) == ([], 2000, 30)
    assert half["errors"] == [{"field": "widthCm", "code": "INVALID"}]
    assert clerk.data["parcelDefaultsUpdate"]["errors"][0]["code"] == "PERMISSION_DENIED"


def test_returns_that_wait_for_a_new_label_are_a_list_of_their_own(ret):
    make_return(make_order(ret.shop), state=ReturnState.APPROVED)
    Return.objects.filter(pk=ret.pk).update(hitch="label_expired")

    found = as_staff(ret.shop).ask(
        "{ returns(first: 10, filter: {view: HELD_UP}) { edges { node { number hitch } } } }"
    )

    assert found.data["returns"]["edges"] == [{"node": {"number": ret.number, "hitch": "LABEL_EXPIRED"}}]
