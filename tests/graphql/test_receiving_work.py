"""The API at the dock: scans, parcels, photos, warehouses, and the lists of what waits."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.returns.goods import Reception, StrayParcel
from saleor_aftercare.returns.models import Return, ReturnState
from tests.graphql.api import as_staff
from tests.graphql.dock import EAST, ORDERS, PAYMENTS, Dock
from tests.make import DAY, NOON, make_order, make_return

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_warehouses")]


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
    assert dock.worker.ask(choose).refusal("defaultWarehouseSet")[0] == "PERMISSION_DENIED"
    as_staff(dock.shop).ask(choose).payload("defaultWarehouseSet")

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
