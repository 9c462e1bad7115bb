"""The packing table over the API: return forms for outgoing parcels, lists for carriers' programs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.models import ParcelState, ProviderAccount
from tests.graphql.api import as_customer, as_staff, shop_with_key
from tests.make import NOON, WAREHOUSE, make_order, make_shop
from tests.parcels.test_lists import YAMATO, exported, make_listed
from tests.printing.papers import codes_on, page_sizes, text_of

pytestmark = pytest.mark.django_db

PRINT = "mutation ($ids: [ID!]!) { returnFormsPrint(orderIds: $ids) { url errors { code field } } }"
CREATE = """mutation ($p: String!, $ids: [ID!]) { carrierListCreate(provider: $p, parcelIds: $ids) {
  carrierList { provider parcelCount openCount madeBy file { name url } } errors { code field message }
} }"""
READ = """mutation ($p: String!, $f: Upload!) { carrierListReadBack(provider: $p, file: $f) {
  labeled known unknown closed errors { code field message }
} }"""


@pytest.fixture
def shop() -> Shop:
    """A shop with a return address and a Yamato contract."""
    shop = shop_with_key()
    ShopSettings.objects.filter(shop=shop).update(return_address=WAREHOUSE.to_json())
    ProviderAccount.objects.create(
        shop=shop, provider=YAMATO, credentials=json.dumps({"customer_code": "0312345678"}), updated_at=NOON
    )
    return shop


def path_of(url: str) -> str:
    """The path of one of our own addresses."""
    assert url.startswith("https://aftercare.test/")
    return url.removeprefix("https://aftercare.test")


def test_the_forms_of_chosen_orders_are_one_pdf_in_each_customers_language(shop: Shop, client: Client):
    english, japanese = make_order(shop), make_order(shop, language="ja")

    url = as_staff(shop).ask(PRINT, ids=[english.saleor_id, japanese.saleor_id]).payload("returnFormsPrint")["url"]
    response = client.get(path_of(url), secure=True)

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "private, no-store"
    assert page_sizes(response.content) == [(210, 297)] * 2
    assert [dict(codes_on(response.content, page=n))["Code128"] for n in (0, 1)] == [english.number, japanese.number]
    text = text_of(response.content)
    assert "RETURNFORM" in text
    assert "返品・交換票" in text
    assert "Handgrinder" in text


def test_the_code_on_the_form_leads_to_that_orders_page(shop: Shop, client: Client):
    order = make_order(shop)

    url = as_staff(shop).ask(PRINT, ids=[order.saleor_id]).payload("returnFormsPrint")["url"]

    printed = dict(codes_on(client.get(path_of(url), secure=True).content))["QRCode"]
    assert printed == f"https://aftercare.test/portal/{shop.handle}/orders/{order.number}/"


def test_a_link_to_forms_ends_after_fifteen_minutes_and_cannot_be_changed(shop: Shop, client: Client):
    url = path_of(as_staff(shop).ask(PRINT, ids=[make_order(shop).saleor_id]).payload("returnFormsPrint")["url"])

    assert client.get(url.replace("return-forms/", "return-forms/x"), secure=True).status_code == 410
    assert client.get(url.replace("return-forms", "letters"), secure=True).status_code == 410
    with time_machine.travel(timedelta(minutes=16)):
        assert client.get(url, secure=True).status_code == 410


def test_another_shops_order_none_and_too_many_are_refused_by_field(shop: Shop):
    foreign = make_order(make_shop())
    staff = as_staff(shop)

    assert staff.ask(PRINT, ids=[foreign.saleor_id]).refusal("returnFormsPrint") == ("NOT_FOUND", "orderIds.0")
    assert staff.ask(PRINT, ids=[]).refusal("returnFormsPrint") == ("INVALID", "orderIds")
    assert staff.ask(PRINT, ids=["x"] * 101).refusal("returnFormsPrint") == ("INVALID", "orderIds")


def test_what_is_packed_now_is_what_waits_and_what_left_today(shop: Shop):
    waiting = make_order(shop, fulfilled=False)
    make_order(shop, status="CANCELED", fulfilled=False)

    with time_machine.travel(NOON, tick=False):
        found = as_staff(shop).ask("{ ordersToDispatch(days: 0) { number } }").data["ordersToDispatch"]
        refused = as_staff(shop).ask("{ ordersToDispatch(days: 99) { number } }")

    assert [one["number"] for one in found] == [waiting.number]
    assert refused.code == "INVALID"


def test_a_list_is_made_downloaded_and_its_numbers_read_back(shop: Shop, client: Client):
    parcel = make_listed(shop)
    staff = as_staff(shop)

    waiting = staff.ask("query ($p: String!) { parcelsToList(provider: $p) { number error } }", p=YAMATO)
    made = staff.ask(CREATE, p=YAMATO).payload("carrierListCreate")["carrierList"]
    data = client.get(path_of(made["file"]["url"]), secure=True).content
    upload = SimpleUploadedFile("issued.csv", exported({parcel.case_number: "491234567890"}), "text/csv")
    read = staff.upload(READ, {"variables.f": upload}, p=YAMATO, f=None).payload("carrierListReadBack")
    lists = staff.ask("{ carrierLists { parcelCount openCount readBackAt } }").data["carrierLists"]

    assert waiting.data["parcelsToList"] == [{"number": parcel.case_number, "error": None}]
    assert (made["parcelCount"], made["openCount"]) == (1, 1)
    assert parcel.case_number.encode() in data
    assert read["labeled"] == [parcel.case_number]
    assert [(one["parcelCount"], one["openCount"]) for one in lists] == [(1, 0)]
    assert lists[0]["readBackAt"] is not None
    parcel.refresh_from_db()
    assert (parcel.state, parcel.tracking_number) == (ParcelState.READY, "491234567890")


def test_a_file_of_something_else_is_refused_by_field(shop: Shop):
    upload = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 100, "image/jpeg")

    refused = as_staff(shop).upload(READ, {"variables.f": upload}, p=YAMATO, f=None)

    assert refused.refusal("carrierListReadBack") == ("INVALID", "file")


@pytest.mark.parametrize("permissions", [(), ("MANAGE_PRODUCTS",)])
def test_the_packing_table_needs_manage_orders(shop: Shop, permissions: tuple[str, ...]):
    order = make_order(shop)

    for person in (as_staff(shop, permissions=permissions), as_customer(order)):
        assert person.ask(PRINT, ids=[order.saleor_id]).refusal("returnFormsPrint")[0] == "PERMISSION_DENIED"
        assert person.ask(CREATE, p=YAMATO).refusal("carrierListCreate")[0] == "PERMISSION_DENIED"
        assert person.ask("{ carrierLists { id } }").code == "PERMISSION_DENIED"
        assert person.ask("{ ordersToDispatch { id } }").code == "PERMISSION_DENIED"
