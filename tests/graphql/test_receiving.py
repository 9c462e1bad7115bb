"""The warehouse over the API: who may, what they see, and how much a list costs."""

from __future__ import annotations

import pytest

from saleor_aftercare.access import phones
from saleor_aftercare.access.models import ScannerPhone
from saleor_aftercare.graphql.schema import graphql_schema
from saleor_aftercare.returns.goods import Booking, Inspection, Reception
from saleor_aftercare.returns.models import Return
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, nobody, shop_with_key
from tests.graphql.dock import (
    IN_PERSON,
    MUTATIONS,
    ORDERS,
    OTHER_QUERIES,
    OTHERS,
    PAYMENTS,
    PRODUCTS,
    QUERIES,
    Dock,
    mutation,
)
from tests.make import NOON, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_warehouses")]


# -- who may ---------------------------------------------------------------------------------------------------------


def test_everything_of_the_warehouse_is_in_these_tables():
    assert graphql_schema.mutation_type is not None
    assert graphql_schema.query_type is not None
    prefixes = ("receiving", "strayParcel", "scannerPhone", "defaultWarehouse", "warehouses")
    assert {n for n in graphql_schema.mutation_type.fields if n.startswith(prefixes)} == {
        *MUTATIONS,
        *IN_PERSON,
        *OTHERS,
    }
    assert {n for n in graphql_schema.query_type.fields if n.startswith(prefixes)} == {*QUERIES, *OTHER_QUERIES}


@pytest.mark.parametrize("name", [*MUTATIONS, *IN_PERSON])
def test_what_the_warehouse_does_is_refused_to_everybody_else(name):
    dock = Dock()
    query = dock.fill(mutation(name))
    before = list(Return.objects.values()), Reception.objects.count(), list(Inspection.objects.values())

    for asker in (as_customer(dock.order), as_guest(dock.order), as_staff(dock.shop, (PAYMENTS, "MANAGE_USERS"))):
        assert asker.ask(query).refusal(name) == ("PERMISSION_DENIED", None)
    assert (nobody(dock.shop).ask(query).status, nobody(dock.shop).ask(query).code) == (401, "UNAUTHENTICATED")
    assert (
        list(Return.objects.values()), Reception.objects.count(), list(Inspection.objects.values()),
    ) == before  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("who", ["worker", "on_the_phone", "manager"])
def test_the_warehouse_does_its_work(name, who):
    dock = Dock()
    asker = as_staff(dock.shop, (ORDERS,)) if who == "manager" else getattr(dock, who)
    if name in {"receivingBookingRetry", "receivingBookedByHand"}:
        Inspection.objects.update(booking=Booking.BY_HAND)
        dock.shop.permissions = [PRODUCTS]
        dock.shop.save(update_fields=["permissions"])

    asker.ask(dock.fill(mutation(name))).payload(name)


@pytest.mark.parametrize("name", [*MUTATIONS, "scannerPhoneRevoke"])
def test_what_stands_at_another_shops_dock_does_not_exist(name):
    if name == "strayParcelCreate":
        return
    dock, stranger = Dock(), as_staff(shop_with_key(), (PRODUCTS,))

    code, _field = stranger.ask(dock.fill(mutation(name))).refusal(name)

    assert code == "NOT_FOUND"


@pytest.mark.parametrize("name", QUERIES)
def test_reading_needs_one_of_the_two_permissions(name):
    dock = Dock()
    query = dock.fill(QUERIES[name])

    for asker in (as_customer(dock.order), as_guest(dock.order), as_staff(dock.shop, (PAYMENTS,))):
        assert asker.ask(query).code == "PERMISSION_DENIED"
    assert nobody(dock.shop).ask(query).status == 401
    for permission in (PRODUCTS, ORDERS):
        assert name in as_staff(dock.shop, (permission,)).ask(query).data


@pytest.mark.parametrize("name", ["receivingReturn", "strayParcel"])
def test_a_row_of_another_shop_cannot_be_read(name):
    dock = Dock()

    answer = as_staff(shop_with_key(), (PRODUCTS,)).ask(dock.fill(QUERIES[name]))

    assert answer.code == "NOT_FOUND"


def test_a_worker_sees_nothing_of_customers_beyond_the_parcel():
    dock = Dock()
    for query in (
        "{ returns { totalCount } }",
        "{ orders { totalCount } }",
        "{ tickets { totalCount } }",
        f'{{ customer(email: "{dock.order.email}") {{ email }} }}',
        "{ settings { version } }",
    ):
        assert dock.worker.ask(query).code == "PERMISSION_DENIED"
        assert dock.on_the_phone.ask(query).code == "PERMISSION_DENIED"


def test_the_warehouses_types_know_no_address_no_price_and_no_conversation():
    seen: set[str] = set()
    waiting = ["ReceivingReturn", "ReceivingCandidate", "StrayParcel", "ReceivingInspection", "ReceivingLine"]
    while waiting:
        name = waiting.pop()
        kind = graphql_schema.type_map[name]
        if name in seen or not hasattr(kind, "fields"):
            continue
        seen.add(name)
        waiting += [str(field.type).strip("[]!") for field in kind.fields.values()]

    assert not seen & {"Order", "OrderLine", "Return", "Money", "Ticket", "TicketMessage", "Customer", "Address"}
    fields = {f"{name}.{field}" for name in seen for field in graphql_schema.type_map[name].fields}
    assert not [one for one in fields if any(word in one.lower() for word in ("email", "price", "amount", "ticket"))]


# -- phones ----------------------------------------------------------------------------------------------------------


def test_a_phone_is_paired_by_a_link_once_and_receives_in_its_owners_name():
    dock = Dock()
    offer = dock.worker.ask("mutation { scannerPhoneOffer { url picture expiresAt errors { code } } }")
    payload = offer.payload("scannerPhoneOffer")
    link = payload["url"].partition("#")[2]
    pair = f'mutation {{ scannerPhonePair(link: "{link}", device: "Pixel 9") {{ token errors {{ code field }} }} }}'

    token = nobody(dock.shop).ask(pair).payload("scannerPhonePair")["token"]
    again = nobody(dock.shop).ask(pair).refusal("scannerPhonePair")

    assert payload["picture"].startswith("data:image/svg+xml")
    assert again == ("INVALID", "link")
    assert not ScannerPhone.objects.filter(token_digest=token).exists(), "only the hash is kept"
    phone = Asker(token)
    phone.ask(dock.fill(mutation("receivingReceive"))).payload("receivingReceive")
    assert Reception.objects.order_by("-pk")[0].received_by != ""


def test_a_link_of_another_shop_or_of_an_hour_ago_pairs_nothing():
    dock, other = Dock(), shop_with_key()
    _phone, secret = phones.offer_pairing(dock.member, at=NOON)
    _old, late = phones.offer_pairing(dock.member, at=NOON - phones.LINK_LIFETIME)
    pair = "mutation ($link: String!) {{ scannerPhonePair(link: $link) {{ token errors {{ code field }} }} }}".format()

    assert nobody(other).ask(pair, link=secret).refusal("scannerPhonePair") == ("INVALID", "link")
    assert nobody(dock.shop).ask(pair, link=late).refusal("scannerPhonePair") == ("INVALID", "link")


@pytest.mark.parametrize("end", ["revoked", "over", "uninstalled", "another shop's address"])
def test_a_phone_whose_day_is_over_opens_nothing(end):
    dock = Dock()
    asker = dock.on_the_phone
    if end == "revoked":
        dock.worker.ask(dock.fill(mutation("scannerPhoneRevoke"))).payload("scannerPhoneRevoke")
    elif end == "over":
        ScannerPhone.objects.update(expires_at=NOON)
    elif end == "uninstalled":
        dock.shop.disconnected_at = NOON
        dock.shop.save(update_fields=["disconnected_at"])
    else:
        asker.headers["Saleor-Api-Url"] = shop_with_key().saleor_api_url

    assert asker.ask(QUERIES["receivingCounts"]).status == 401


@pytest.mark.parametrize("name", IN_PERSON)
def test_a_phone_pairs_no_phones(name):
    dock = Dock()
    assert dock.on_the_phone.ask(dock.fill(mutation(name))).refusal(name) == ("PERMISSION_DENIED", None)
    assert dock.on_the_phone.ask(QUERIES["scannerPhones"]).code == "PERMISSION_DENIED"


def test_somebody_makes_only_so_many_links():
    dock = Dock()
    member = make_staff(dock.shop)
    worker = as_staff(dock.shop, (PRODUCTS,), member=member)
    for _ in range(phones.MAX_LINKS):
        worker.ask(mutation("scannerPhoneOffer")).payload("scannerPhoneOffer")

    assert worker.ask(mutation("scannerPhoneOffer")).refusal("scannerPhoneOffer")[0] == "RATE_LIMITED"
