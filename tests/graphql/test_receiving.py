"""The warehouse over the API: who may, what they see, and how much a list costs."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from saleor_aftercare.access import phones
from saleor_aftercare.access.models import ScannerPhone
from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import ActorKind
from saleor_aftercare.graphql.schema import graphql_schema
from saleor_aftercare.returns.goods import Booking, Inspection, Reception, StrayParcel
from saleor_aftercare.returns.inspection import inspect
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.reception import LineRejected, receive_return, reject_units
from saleor_aftercare.returns.strays import note_stray
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, nobody, shop_with_key
from tests.make import DAY, NOON, make_order, make_return, make_staff
from tests.make.orders import Line

pytestmark = pytest.mark.django_db

PRODUCTS, ORDERS, PAYMENTS = "MANAGE_PRODUCTS", "MANAGE_ORDERS", "HANDLE_PAYMENTS"
MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
EAST = "V2FyZWhvdXNlOjE="
RECEIVED = 'input: {seen: 0, key: "k", lines: [{id: <LINE>, received: 1}]}'

#: Every mutation of the warehouse, with arguments that would do something.
MUTATIONS = {
    "receivingArrive": "id: <RETURN>",
    "receivingReceive": f"id: <RETURN>, {RECEIVED}",
    "receivingReject": 'id: <OPENED>, lines: [{id: <OPENED_LINE>, quantity: 1, reason: "Worn."}]',
    "receivingSendBackDecide": 'id: <OPENED>, payer: CUSTOMER, storedUntil: "2025-07-01"',
    "receivingSendBackDone": "id: <OPENED>",
    "receivingInspect": 'lineId: <OPENED_LINE>, input: {quantity: 1, grade: A, disposition: SCRAP, key: "k"}',
    "receivingInspectionVoid": "id: <INSPECTION>",
    "receivingBookingRetry": "id: <INSPECTION>",
    "receivingBookedByHand": "id: <INSPECTION>",
    "strayParcelCreate": 'input: {code: "4035", key: "k"}',
    "strayParcelMatch": "id: <STRAY>, returnId: <RETURN>",
    "strayParcelClose": 'id: <STRAY>, resolution: "Thrown away."',
}
#: Those that a phone does not do.
IN_PERSON = {
    "scannerPhoneOffer": "",
    "scannerPhoneRevoke": "id: <PHONE>",
}
#: What needs another permission, or none.
OTHERS = {"strayParcelReturnCreate", "scannerPhonePair", "defaultWarehouseSet"}
QUERIES = {
    "receivingScan": '{ receivingScan(code: "RMA-1") { match } }',
    "receivingReturn": "{ receivingReturn(id: <RETURN>) { id } }",
    "receivingReturns": "{ receivingReturns(worklist: EXPECTED) { totalCount } }",
    "receivingBookings": "{ receivingBookings { totalCount } }",
    "strayParcels": "{ strayParcels { totalCount } }",
    "strayParcel": "{ strayParcel(number: <STRAY_NUMBER>) { id } }",
    "receivingCounts": "{ receivingCounts { expected } }",
    "warehouses": "{ warehouses { id } }",
    "scannerPhones": "{ scannerPhones { id } }",
    "defaultWarehouse": "{ defaultWarehouse { id } }",
}


class Dock:
    """One shop with one of everything that stands at its dock."""

    def __init__(self) -> None:
        self.shop = shop_with_key()
        self.order = make_order(self.shop, delivered=NOON - DAY)
        self.ret = make_return(self.order, state=ReturnState.APPROVED)
        self.opened = make_return(
            make_order(self.shop, lines=[Line(quantity=5)], delivered=NOON - DAY), state=ReturnState.APPROVED
        )
        line = self.opened.lines.get()
        type(line).objects.filter(pk=line.pk).update(quantity=5)
        receive_return(self.opened, lines=None, at=NOON, actor=MEI)
        reject_units(self.opened, lines=[LineRejected(line, 1, "Worn.")], at=NOON, actor=MEI)
        self.inspection = inspect(
            line, quantity=1, grade="A", disposition="restock", warehouse=(EAST, "East"), note="", photos=(),
            at=NOON, actor=MEI,
        )  # fmt: skip
        self.stray = note_stray(self.shop, code="9", sender="", contents="", photos=(), at=NOON, actor=MEI)
        self.member = make_staff(self.shop)
        self.phone, secret = phones.offer_pairing(self.member, at=NOON)
        _phone, self.token = phones.pair(self.shop, secret, device="iPhone", at=NOON)

    def fill(self, text: str) -> str:
        ids = {
            "RETURN": to_global_id("ReceivingReturn", self.ret.pk),
            "LINE": to_global_id("ReceivingLine", self.ret.lines.get().pk),
            "OPENED": to_global_id("ReceivingReturn", self.opened.pk),
            "OPENED_LINE": to_global_id("ReceivingLine", self.opened.lines.get().pk),
            "INSPECTION": to_global_id("ReceivingInspection", self.inspection.pk),
            "STRAY": to_global_id("StrayParcel", self.stray.pk),
            "STRAY_NUMBER": self.stray.number,
            "PHONE": to_global_id("ScannerPhone", self.phone.pk),
        }
        for name, value in ids.items():
            text = text.replace(f"<{name}>", f'"{value}"')
        return text

    @property
    def worker(self) -> Asker:
        """Somebody at the warehouse, with nothing but the catalogue's permission."""
        return as_staff(self.shop, (PRODUCTS,))

    @property
    def on_the_phone(self) -> Asker:
        """The same by a paired phone."""
        return Asker(self.token, headers={"Saleor-Api-Url": self.shop.saleor_api_url})


def mutation(name: str) -> str:
    arguments = {**MUTATIONS, **IN_PERSON}[name]
    return f"mutation {{ {name}{f'({arguments})' if arguments else ''} {{ errors {{ code field message }} }} }}"


@pytest.fixture(autouse=True)
def _saleor() -> Any:
    """A Saleor with two warehouses, and nothing else that anybody asks here."""

    def answer(_request: httpx.Request) -> httpx.Response:
        places = [{"node": {"id": EAST, "name": "East"}}, {"node": {"id": "V2FyZWhvdXNlOjI=", "name": "West"}}]
        page = {"edges": places, "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return httpx.Response(200, json={"data": {"warehouses": page, "order": None}})

    with client.using_transport(httpx.MockTransport(answer)):
        yield


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
    assert {n for n in graphql_schema.query_type.fields if n.startswith(prefixes)} == set(QUERIES)


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


# -- work ------------------------------------------------------------------------------------------------------------


def scan(dock: Dock, code: str) -> list[dict[str, Any]]:
    query = (
        "query ($c: String!) { receivingScan(code: $c) { match orderNumber return { number } strayParcel { number } } }"
    )
    found: list[dict[str, Any]] = dock.worker.ask(query, c=code).data["receivingScan"]
    return found


def test_a_scan_finds_the_return_by_every_code_on_the_parcel():
    dock = Dock()
    dock.order.fulfillments.update(tracking_number="JD014600001234567890")

    by_number = scan(dock, f"]C1{dock.ret.number.lower()}")
    by_order = scan(dock, f"#{dock.order.number}")
    outbound = scan(dock, "jd01 4600 0012 3456 7890")

    for found, match in ((by_number, "NUMBER"), (by_order, "ORDER"), (outbound, "OUTBOUND")):
        assert [(one["match"], one["return"]["number"]) for one in found] == [(match, dock.ret.number)]
    assert scan(dock, "nothing of ours 12345") == []
    assert scan(dock, "9")[0]["strayParcel"] == {"number": dock.stray.number}


def test_an_order_that_came_back_without_a_return_is_found_all_the_same():
    """C1.12: parcel returned by the carrier (RTS) with no request."""
    dock = Dock()
    order = make_order(dock.shop, delivered=NOON - DAY)
    order.fulfillments.update(tracking_number="4035123456")

    (found,) = scan(dock, "a4035123456a")

    assert (found["match"], found["return"], found["orderNumber"]) == ("OUTBOUND", None, order.number)


@pytest.mark.parametrize("code", ["", "  ", "x" * 301])
def test_a_scan_of_nothing_or_of_a_novel_is_refused(code):
    dock = Dock()
    answer = dock.worker.ask("query ($c: String!) { receivingScan(code: $c) { match } }", c=code)
    assert (answer.code, answer.body["errors"][0]["extensions"]["field"]) == ("INVALID", "code")


def test_a_parcel_is_received_with_a_photo_and_twice_sent_counts_once():
    dock = Dock()
    query = dock.fill(
        'mutation ($photos: [Upload!]) { receivingReceive(id: <RETURN>, input: {seen: 0, key: "k", photos: $photos})'
        " { return { state seen toInspect actions lines { received outstanding toInspect } } errors { code field } } }"
    )
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    picture = SimpleUploadedFile("p.png", drawn.getvalue(), content_type="image/png")

    first = dock.worker.upload(query, {"variables.photos.0": picture}, photos=[None]).payload("receivingReceive")
    again = dock.on_the_phone.ask(query, photos=[]).payload("receivingReceive")

    assert first == again
    assert first["return"]["seen"] == 1
    assert Reception.objects.get(ret=dock.ret).photos.count() == 1


def test_a_warehouse_that_saleor_does_not_have_is_refused():
    dock = Dock()
    query = dock.fill(
        "mutation { receivingInspect(lineId: <OPENED_LINE>, input: {quantity: 1, grade: A, disposition: RESTOCK,"
        ' warehouseId: "V2FyZWhvdXNlOjM=", key: "k"}) { errors { code field } } }'
    )
    assert dock.worker.ask(query).refusal("receivingInspect") == ("INVALID", "warehouseId")


def test_the_shops_own_choice_of_a_warehouse_is_suggested():
    dock = Dock()
    choose = (
        f'mutation {{ defaultWarehouseSet(warehouseId: "{EAST}") {{ warehouse {{ name }} errors {{ code field }} }} }}'
    )
    suggested = dock.fill("{ receivingReturn(id: <RETURN>) { suggestedWarehouse { name } } }")

    assert dock.worker.ask(suggested).data["receivingReturn"]["suggestedWarehouse"] is None
    assert as_staff(dock.shop, (PAYMENTS,)).ask(choose).refusal("defaultWarehouseSet")[0] == "PERMISSION_DENIED"
    dock.worker.ask(choose).payload("defaultWarehouseSet")

    assert dock.worker.ask(suggested).data["receivingReturn"]["suggestedWarehouse"] == {"name": "East"}
    assert ShopSettings.objects.get(shop=dock.shop).default_warehouse_name == "East"


def test_the_lists_count_what_waits():
    dock = Dock()
    query = "{ receivingCounts { expected arrived toInspect toRestock toSendBack stray mayBookStock } }"

    assert dock.worker.ask(query).data["receivingCounts"] == {
        "expected": 1, "arrived": 0, "toInspect": 1, "toRestock": 1, "toSendBack": 1, "stray": 1, "mayBookStock": False,
    }  # fmt: skip


LIST = """{ receivingReturns(worklist: EXPECTED) { totalCount edges { node {
  number orderNumber senderName actions seen toInspect parcels { receivedBy photos { name } }
  lines { productName reason outstanding toInspect photos { name } inspections { grade warehouse { name } } }
} } } }"""


def test_a_list_costs_the_same_however_long_it_is():
    dock = Dock()

    def cost() -> int:
        worker = dock.worker
        worker.ask(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert worker.ask(LIST).data
        return len(queries)

    few = cost()
    for _ in range(6):
        make_return(make_order(dock.shop, delivered=NOON - DAY), state=ReturnState.APPROVED)

    assert cost() == few <= 16


def test_pages_of_a_list_meet_without_a_gap():
    dock = Dock()
    for _ in range(4):
        make_return(make_order(dock.shop, delivered=NOON - DAY), state=ReturnState.IN_TRANSIT)
    query = """query ($after: String) { receivingReturns(worklist: EXPECTED, first: 2, after: $after) {
      edges { node { number } } pageInfo { hasNextPage endCursor } } }"""
    seen, after = [], None
    while True:
        page = dock.worker.ask(query, after=after).data["receivingReturns"]
        seen += [edge["node"]["number"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert len(seen) == len(set(seen)) == 5


def test_starting_a_return_for_a_stray_parcel_needs_manage_orders():
    """C1.12: a parcel arrives with no RMA, and staff start one for it."""
    dock = Dock()
    order = make_order(dock.shop, delivered=NOON - DAY)
    line = order.lines.get()
    query = dock.fill(
        f'mutation {{ strayParcelReturnCreate(id: <STRAY>, orderId: "{order.saleor_id}", reason: "changed_mind",'
        f' lines: [{{orderLineId: "{line.saleor_id}", quantity: 1}}])'
        " { strayParcel { state return { number state } } errors { code field message } } }"
    )

    assert dock.worker.ask(query).refusal("strayParcelReturnCreate") == ("PERMISSION_DENIED", None)
    found = as_staff(dock.shop, (ORDERS,)).ask(query).payload("strayParcelReturnCreate")["strayParcel"]

    assert found["state"] == "MATCHED"
    assert Return.objects.get(number=found["return"]["number"], shop=dock.shop).source == "warehouse"
    assert StrayParcel.objects.get().ret is not None
