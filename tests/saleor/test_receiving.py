"""The warehouse against a running Saleor: two parcels of one return, and stock that others are shipped from."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest

from .conftest import Service
from .driver import GraphQL, Saleor, wait_for
from .test_main_job import bought, with_return_address

pytestmark = pytest.mark.saleor

BUYER = "warehouse.e2e@example.com"
STOCKS = "query($id:ID!){order(id:$id){lines{variant{id stocks{quantity warehouse{id}}}}}}"
RECEIVE = """mutation($id:ID!,$i:ReceivingReceiveInput!){receivingReceive(id:$id,input:$i){return{seen toInspect
  lines{id toInspect outstanding}} errors{field message code}}}"""
INSPECT = """mutation($l:ID!,$i:ReceivingInspectInput!){receivingInspect(lineId:$l,input:$i){inspection{id booking}
  errors{field message code}}}"""
SHEET = """query($n:String!){receivingReturn(number:$n){id seen suggestedWarehouse{id} lines{id toInspect
  inspections{booking bookingError warehouse{id}}}}}"""


def stock_of(saleor: Saleor, order: dict[str, Any]) -> int:
    """What stands in the order's warehouse of its one article."""
    (line,) = saleor.staff(STOCKS, id=order["id"])["order"]["lines"]
    return next(s["quantity"] for s in line["variant"]["stocks"] if s["warehouse"]["id"] == order["warehouse"])


def approved(staff: GraphQL, order: dict[str, Any], quantity: int) -> dict[str, Any]:
    """A return of the order's first line that waits for its parcel."""
    made = staff(
        "mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id number state}"
        " errors{field message code}}}",
        i={
            "orderId": order["id"],
            "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": quantity, "reason": "too_small"}],
        },
    )["returnRequestCreate"]["return"]
    if made["state"] == "REQUESTED":
        staff("mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message}}}", id=made["id"])
    return made


def test_units_come_back_in_two_parcels_and_into_the_stock_while_others_leave_it(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    with_return_address(staff)
    placed = saleor.place_order(quantity=3, email=BUYER, counted=True)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    made = approved(staff, bought(saleor, staff, placed), 3)
    sheet = staff(SHEET, n=made["number"])["receivingReturn"]
    line = sheet["lines"][0]["id"]

    for seen, units in ((0, 2), (1, 1)):
        key = uuid4().hex
        given = {"seen": seen, "key": key, "lines": [{"id": line, "received": units}]}
        first = staff(RECEIVE, id=sheet["id"], i=given)["receivingReceive"]
        assert staff(RECEIVE, id=sheet["id"], i=given)["receivingReceive"] == first

        def recorded(n: int = seen + 1) -> list[tuple[str, int]] | None:
            parcels = [f for f in saleor.order(placed["id"])["fulfillments"] if f["status"] == "RETURNED"]
            found = sorted((f["reason"], f["lines"][0]["quantity"]) for f in parcels)
            return found if len(found) == n else None

        found = wait_for("the record in Saleor", recorded)
    assert found == [(made["number"], 2), (f"{made['number']}-2", 1)]
    assert saleor.order(placed["id"])["status"] == "RETURNED"

    others = [saleor.place_order(quantity=1, email=BUYER, counted=True) for _ in range(4)]
    for one in others:
        saleor.mark_as_paid(one)
    before = stock_of(saleor, placed)
    same = [one for one in others if one["warehouse"] == placed["warehouse"]]
    assert same

    def ship() -> None:
        for one in same:
            saleor.fulfill(one)

    shipping = threading.Thread(target=ship)
    shipping.start()
    for quantity in (1, 1, 1):
        given = {
            "quantity": quantity, "grade": "A", "disposition": "RESTOCK", "warehouseId": placed["warehouse"],
            "key": uuid4().hex, "note": "",
        }  # fmt: skip
        staff(INSPECT, l=line, i=given)
    shipping.join()

    def booked() -> dict[str, Any] | None:
        now = staff(SHEET, n=made["number"])["receivingReturn"]["lines"][0]
        assert not [one for one in now["inspections"] if one["booking"] in {"FAILED", "BY_HAND"}], now
        return now if {one["booking"] for one in now["inspections"]} == {"BOOKED"} else None

    wait_for("the stock", booked, seconds=120)
    assert stock_of(saleor, placed) == before + 3 - len(same)
