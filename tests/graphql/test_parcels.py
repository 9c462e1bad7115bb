"""Parcels over the API: labels, providers, where a parcel is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import jobs
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Event
from saleor_aftercare.parcels.actions import Heard, hear
from saleor_aftercare.parcels.models import Parcel, ParcelState, ProviderAccount, TrackingStatus
from saleor_aftercare.returns.models import Return, ReturnState
from tests.fakes import FakeLabelProvider, fake_labels
from tests.graphql.api import as_customer, as_guest, as_staff, shop_with_key
from tests.make import DAY, NOON, make_order, make_return, make_shop
from tests.make.parcels import WAREHOUSE_ADDRESS, make_account, make_parcel

pytestmark = pytest.mark.django_db

PARCEL = """id number position state carrier trackingNumber trackingUrl payer provider cost { amount currency }
  expiresOn sendBy a6Url a4Url customsUrl dropoffCode dropoffUrl error voiding wantedBy actions
  events { status description location source at }"""


@pytest.fixture
def fake() -> Iterator[FakeLabelProvider]:
    with fake_labels() as carrier:
        yield carrier


@pytest.fixture
def ret(fake: FakeLabelProvider) -> Return:
    shop = shop_with_key()
    ShopSettings.objects.filter(shop=shop).update(label_provider="fake", return_address=WAREHOUSE_ADDRESS.to_json())
    make_account(shop)
    order = make_order(shop, delivered=NOON - DAY)
    return make_return(order, state=ReturnState.APPROVED, payer="merchant")


def the_parcel(ret: Return, **values: Any) -> Parcel:
    return make_parcel(
        ret.order,
        **({"subject_id": ret.pk, "case_number": ret.number, "provider": "fake", "state": ParcelState.READY} | values),
    )


def gid(row: Any) -> str:
    return to_global_id(type(row).__name__, row.pk)


def press(asker: Any, name: str, row: Any, arguments: str = "", **variables: Any) -> dict[str, Any]:
    declared = "".join(f", ${key}: {kind}" for key, (kind, _value) in variables.items())
    values = {key: value for key, (_kind, value) in variables.items()}
    text = f"""mutation ($id: ID!{declared}) {{ {name}(id: $id{arguments}) {{
      parcel {{ {PARCEL} }} return {{ number }} errors {{ field code message }} }} }}"""
    return asker.ask(text, id=gid(row), **values).data[name]


def test_staff_add_a_parcel_and_see_what_it_costs(ret, fake):
    staff = as_staff(ret.shop)

    added = press(staff, "returnParcelAdd", ret)
    jobs.run_due()

    assert added["errors"] == []
    assert (added["parcel"]["state"], added["parcel"]["wantedBy"]) == ("WANTED", "STAFF")
    assert added["return"] == {"number": ret.number}
    (parcel,) = staff.ask(f"query ($id: ID!) {{ return(id: $id) {{ parcels {{ {PARCEL} }} }} }}", id=gid(ret)).data[
        "return"
    ]["parcels"]
    assert (parcel["state"], parcel["carrier"], parcel["trackingNumber"]) == ("READY", "Fake Parcel", "FAKE00000001")
    assert parcel["cost"] == {"amount": "4.20", "currency": "EUR"}
    assert (parcel["payer"], parcel["provider"]) == ("MERCHANT", "fake")
    assert "/files/" in parcel["a6Url"]
    assert parcel["a4Url"] is None


def test_customers_see_their_parcel_without_what_it_costs_and_say_that_it_was_sent(ret):
    parcel = the_parcel(ret, cost=4, cost_currency="EUR", error="internal", tracking_number="T1")
    customer = as_customer(ret.order)

    sent = press(customer, "parcelMarkSent", parcel, ", trackingNumber: $n", n=("String", "T2"))

    assert sent["errors"] == []
    assert (sent["parcel"]["state"], sent["parcel"]["trackingNumber"]) == ("IN_TRANSIT", "T2")
    assert (sent["parcel"]["cost"], sent["parcel"]["error"], sent["parcel"]["provider"]) == (None, None, None)
    assert sent["parcel"]["actions"] == []


def test_guests_do_the_same_and_nobody_touches_the_parcel_of_another(ret):
    parcel = the_parcel(ret)
    stranger = make_order(ret.shop)

    for asker in (as_customer(stranger), as_guest(stranger)):
        refused = press(asker, "parcelMarkSent", parcel)
        assert (refused["errors"][0]["code"], refused["parcel"]) == ("NOT_FOUND", None)
    assert press(as_guest(ret.order), "parcelMarkSent", parcel)["errors"] == []


def test_customers_ask_for_three_more_labels_and_no_provider(ret):
    customer = as_customer(ret.order)

    chosen = press(customer, "returnParcelAdd", ret, ", provider: $p", p=("String", "printable"))
    assert chosen["errors"][0]["code"] == "PERMISSION_DENIED"
    codes = [press(customer, "returnParcelAdd", ret)["errors"] for _n in range(4)]

    assert codes[:3] == [[], [], []]
    assert codes[3][0]["code"] == "REFUSED"


@pytest.mark.parametrize(
    "name",
    [
        "parcelVoid",
        "parcelRetry",
        "parcelMarkArrived",
        "parcelMarkLost",
        "parcelMarkReturned",
    ],
)
def test_what_staff_do_customers_may_not_and_other_shops_cannot(ret, name):
    parcel = the_parcel(ret, state=ParcelState.IN_TRANSIT)
    elsewhere = as_staff(shop_with_key())

    assert press(as_customer(ret.order), name, parcel)["errors"][0]["code"] == "PERMISSION_DENIED"
    assert press(as_staff(ret.shop, permissions=()), name, parcel)["errors"][0]["code"] == "PERMISSION_DENIED"
    assert press(elsewhere, name, parcel)["errors"][0]["code"] == "NOT_FOUND"
    assert Parcel.objects.get(pk=parcel.pk).state == ParcelState.IN_TRANSIT


def test_staff_void_retry_and_mark(ret, fake):
    staff = as_staff(ret.shop)
    failed = the_parcel(ret, state=ParcelState.FAILED, error="Down")
    assert press(staff, "parcelRetry", failed, ", provider: $p", p=("String", "printable"))["errors"] == []
    jobs.run_due()
    assert Parcel.objects.get(pk=failed.pk).carrier == "printable"

    assert press(staff, "parcelVoid", failed)["parcel"]["voiding"] is True
    jobs.run_due()
    assert Parcel.objects.get(pk=failed.pk).state == ParcelState.VOID
    assert press(staff, "parcelVoid", failed)["errors"][0]["code"] == "CONFLICT"

    other = the_parcel(ret, position=2, state=ParcelState.IN_TRANSIT)
    assert press(staff, "parcelMarkLost", other)["parcel"]["state"] == "LOST"
    assert press(staff, "parcelMarkReturned", other)["parcel"]["state"] == "RETURNED"
    assert press(staff, "parcelMarkArrived", other)["parcel"]["state"] == "ARRIVED"


def test_a_tracking_number_is_set_and_a_bad_one_names_its_field(ret):
    parcel = the_parcel(ret)
    staff = as_staff(ret.shop)

    empty = press(staff, "parcelTrackingSet", parcel, ", trackingNumber: $n", n=("String!", " "))
    assert empty["errors"][0]["field"] == "trackingNumber"
    set_ = press(staff, "parcelTrackingSet", parcel, ", trackingNumber: $n", n=("String!", "ABC 1"))

    assert set_["parcel"]["trackingNumber"] == "ABC 1"


def test_staff_upload_a_label(ret):
    parcel = the_parcel(ret, provider="upload", state=ParcelState.AWAITING_NUMBER)
    text = """mutation ($id: ID!, $input: ParcelLabelInput!) { parcelLabelUpload(id: $id, input: $input) {
      parcel { state carrier cost { amount currency } expiresOn a6Url } errors { field code } } }"""
    staff = as_staff(ret.shop)

    def upload(data: bytes) -> dict[str, Any]:
        file = SimpleUploadedFile("label.pdf", data)
        values = {"file": None, "carrier": "Hermes", "costAmount": "5.1", "expiresOn": "2025-07-01"}
        return staff.upload(text, {"variables.input.file": file}, id=gid(parcel), input=values).data[
            "parcelLabelUpload"
        ]

    assert upload(b"<html>")["errors"] == [{"field": "file", "code": "INVALID"}]
    done = upload(b"%PDF-1.7")

    assert done["errors"] == []
    assert done["parcel"]["cost"] == {"amount": "5.10", "currency": "EUR"}
    assert (done["parcel"]["state"], done["parcel"]["expiresOn"]) == ("READY", "2025-07-01")


def test_papers_of_what_the_carrier_does_not_take_any_more_are_not_handed_out(ret, fake):
    press(as_staff(ret.shop), "returnParcelAdd", ret)
    jobs.run_due()
    Parcel.objects.update(state=ParcelState.EXPIRED)

    text = "query ($id: ID!) { return(id: $id) { parcels { state a6Url } } }"
    (parcel,) = as_customer(ret.order).ask(text, id=gid(ret)).data["return"]["parcels"]

    assert parcel == {"state": "EXPIRED", "a6Url": None}


def test_the_parcels_of_a_list_of_returns_cost_two_statements_however_many(ret):
    staff = as_staff(ret.shop)

    def statements(fields: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            staff.ask(f"{{ returns(first: 50) {{ edges {{ node {{ number {fields} }} }} }} }}")
        return len(captured)

    def grow() -> None:
        more = make_return(make_order(ret.shop), state=ReturnState.APPROVED)
        for position in (1, 2):
            parcel = the_parcel(more, position=position)
            hear(parcel, [Heard(status=TrackingStatus.INFO, at=NOON)], source="x", at=NOON, actor=SYSTEM)

    grow()
    one = statements("parcels { state a6Url events { at } }") - statements("")
    for _n in range(4):
        grow()

    assert (one, statements("parcels { state a6Url events { at } }") - statements("")) == (2, 2)


# -- providers ---------------------------------------------------------------------------------------------------------

PROVIDER = """slug name installed ready chosen version verifiedAt rejectedAt error tracksOutbound
  capabilities { voids tracks } credentials { name label secret required value isSet choices }"""
EDITOR = ("MANAGE_ORDERS", "MANAGE_APPS")
CLERK = ("MANAGE_ORDERS",)


def save(asker: Any, **values: Any) -> dict[str, Any]:
    text = f"""mutation ($input: LabelProviderInput!) {{ labelProviderUpdate(input: $input) {{
      provider {{ {PROVIDER} }} errors {{ field code message }} }} }}"""
    return asker.ask(text, input=values).data["labelProviderUpdate"]


def test_providers_are_listed_with_what_they_want_to_know_and_secrets_stay_secret(ret):
    rows = as_staff(ret.shop, permissions=EDITOR).ask(f"{{ labelProviders {{ {PROVIDER} }} }}").data["labelProviders"]

    by_slug = {row["slug"]: row for row in rows}
    assert list(by_slug)[:3] == ["printable", "upload", "webhook"]
    assert {"ups", "dhl_parcel_de", "yamato_b2", "fake"} <= set(by_slug)
    fake = by_slug["fake"]
    assert (fake["chosen"], fake["ready"], fake["installed"], fake["version"]) == (True, True, True, 2)
    assert fake["credentials"] == [
        {
            "name": "api_key",
            "label": "API key",
            "secret": True,
            "required": True,
            "value": None,
            "isSet": True,
            "choices": [],
        }
    ]
    assert by_slug["webhook"]["ready"] is False


def test_credentials_are_saved_encrypted_and_only_by_who_may_change_settings(ret):
    values = {
        "provider": "webhook",
        "credentials": [
            {"name": "url", "value": "https://labels.example.com/x"},
            {"name": "secret", "value": "a secret of many characters"},
        ],
    }
    assert save(as_staff(ret.shop, permissions=CLERK), **values)["errors"][0]["code"] == "PERMISSION_DENIED"
    editor = as_staff(ret.shop, permissions=EDITOR)

    saved = save(editor, **values)

    assert saved["errors"] == []
    shown = {one["name"]: (one["value"], one["isSet"]) for one in saved["provider"]["credentials"]}
    assert shown["url"] == ("https://labels.example.com/x", True)
    assert shown["secret"] == (None, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM aftercare_provideraccount WHERE provider = 'webhook'")
        assert "many characters" not in cursor.fetchone()[0]
    for_orders = (
        as_staff(ret.shop, permissions=CLERK).ask(f"{{ labelProviders {{ {PROVIDER} }} }}").data["labelProviders"]
    )
    (webhook,) = [one for one in for_orders if one["slug"] == "webhook"]
    assert {one["value"] for one in webhook["credentials"]} == {None}


def test_what_is_left_out_stays_and_what_is_missing_or_unknown_names_its_field(ret):
    editor = as_staff(ret.shop, permissions=EDITOR)

    missing = save(editor, provider="webhook", credentials=[{"name": "url", "value": "https://a.example.com"}])
    unknown = save(editor, provider="fake", credentials=[{"name": "pigeon", "value": "1"}])
    private = save(
        editor,
        provider="webhook",
        credentials=[{"name": "url", "value": "http://10.0.0.1"}, {"name": "secret", "value": "x" * 20}],
    )
    twice = save(editor, provider="fake", credentials=[{"name": "api_key", "value": "1"}] * 2)
    gone = save(editor, provider="pigeon", choose=True)

    fields = [one["errors"][0]["field"] for one in (missing, unknown, private, twice, gone)]
    assert fields == ["credentials.secret", "credentials.pigeon", "credentials.url", "credentials", "provider"]
    assert not ProviderAccount.objects.filter(shop=ret.shop, provider="webhook").exists()
    assert save(editor, provider="fake", credentials=[])["provider"]["ready"] is True


def test_two_editors_of_credentials_meet_as_a_conflict(ret):
    editor = as_staff(ret.shop, permissions=EDITOR)
    first = save(editor, provider="fake", version=2, credentials=[{"name": "api_key", "value": "new"}])

    second = save(editor, provider="fake", version=2, credentials=[{"name": "api_key", "value": "newer"}])

    assert (first["errors"], first["provider"]["version"]) == ([], 3)
    assert second["errors"][0]["code"] == "CONFLICT"


def test_a_provider_is_chosen_once_it_can_make_labels(ret):
    editor = as_staff(ret.shop, permissions=EDITOR)

    assert save(editor, provider="webhook", choose=True)["errors"][0]["field"] == "credentials.url"
    assert save(editor, provider="printable", choose=True)["provider"]["chosen"] is True

    assert ShopSettings.objects.get(shop=ret.shop).label_provider == "printable"


def test_the_test_button_says_whether_the_credentials_work(ret, fake):
    editor = as_staff(ret.shop, permissions=EDITOR)
    text = """mutation { labelProviderTest(provider: "fake") {
      problem provider { verifiedAt rejectedAt error } errors { code } } }"""

    good = editor.ask(text).data["labelProviderTest"]
    fake.rejects_credentials = True
    bad = editor.ask(text).data["labelProviderTest"]

    assert (good["problem"], good["provider"]["verifiedAt"]) == (None, NOON.isoformat())
    assert bad["problem"] == "The carrier does not know this key"
    assert bad["provider"] == {
        "verifiedAt": None,
        "rejectedAt": NOON.isoformat(),
        "error": "The carrier does not know this key",
    }
    assert (
        as_staff(ret.shop, permissions=CLERK).ask(text).data["labelProviderTest"]["errors"][0]["code"]
        == "PERMISSION_DENIED"
    )


def test_new_credentials_are_rejected_until_the_provider_takes_them(ret, fake):
    editor = as_staff(ret.shop, permissions=EDITOR)
    text = 'mutation { labelProviderTest(provider: "fake") { problem provider { rejectedAt } errors { code } } }'
    fake.rejects_credentials = True
    editor.ask(text)

    saved = save(editor, provider="fake", credentials=[{"name": "api_key", "value": "right"}])
    assert saved["provider"]["rejectedAt"] == NOON.isoformat()
    fake.rejects_credentials = False
    editor.ask(text)

    assert ProviderAccount.objects.get(shop=ret.shop).rejected_at is None
    assert Event.objects.filter(kind__startswith="provider.").count() == 2


def test_outgoing_parcels_are_asked_about_where_the_provider_tracks(ret):
    editor = as_staff(ret.shop, permissions=EDITOR)

    assert save(editor, provider="printable", tracksOutbound=True)["errors"][0]["field"] == "tracksOutbound"
    assert save(editor, provider="fake", tracksOutbound=True)["provider"]["tracksOutbound"] is True


def test_another_shop_has_accounts_of_its_own(ret):
    other = make_shop()
    make_account(other, api_key="theirs")

    rows = as_staff(ret.shop, permissions=EDITOR).ask("{ labelProviders { slug version } }").data["labelProviders"]

    assert {"slug": "fake", "version": 2} in rows
    assert ProviderAccount.objects.filter(provider="fake").count() == 2
