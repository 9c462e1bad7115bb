"""Exchanges against a running Saleor: the order in place of what came back really stands there, at the right price."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Service
from .driver import GraphQL, Saleor, wait_for
from .test_main_job import bought, with_return_address

pytestmark = pytest.mark.saleor

#: Addresses that no other test reads mail of.
EVE, FAY = "eve.exchanges@example.com", "fay.exchanges@example.com"

OPTIONS = """query($l:ID!,$s:String){exchangeOptions(orderLineId:$l,search:$s)
  {variantId name inStock available isSame isSameProduct price{amount} due{amount} rest{amount}}}"""
CREATE = """mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id number state}
  errors{field code message}}}"""
RETURN = """query($id:ID!){return(id:$id){state replacements{id state failure due{amount} rest{amount} orderId
  orderNumber lines{name quantity}} settlementPreview{fingerprint exchange{amount} difference{amount}}}}"""
SETTLE = """mutation($id:ID!,$f:String!,$k:String!){returnSettle(id:$id,input:{fingerprint:$f,idempotencyKey:$k})
  {settlement{state} errors{field code message}}}"""
MADE = """query($id:ID!){order(id:$id){status isPaid externalReference userEmail shippingMethodName
  total{gross{amount}} shippingPrice{gross{amount}} lines{quantity variant{id} isPriceOverridden}}}"""


def asked_back(saleor: Saleor, staff: GraphQL, *, email: str, dearer: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """One unit, bought and shipped, asked back for the same again or for something dearer, and approved."""
    with_return_address(staff)
    placed = saleor.place_order(quantity=1, email=email)
    saleor.mark_as_paid(placed)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    line = order["lines"][0]
    paid = float(placed["lines"][0]["totalPrice"]["gross"]["amount"])
    wish = None
    if dearer:
        found = staff(OPTIONS, l=line["id"], s="shoes")["exchangeOptions"]
        found += staff(OPTIONS, l=line["id"], s="a")["exchangeOptions"]
        wish = next(one for one in found if one["inStock"] and float(one["price"]["amount"]) > paid)
    ret = staff(
        CREATE,
        i={
            "orderId": placed["id"],
            "lines": [
                {
                    "orderLineId": line["id"],
                    "quantity": 1,
                    "reason": "too_small",
                    "resolution": "EXCHANGE",
                    "exchangeVariantId": wish["variantId"] if wish else None,
                    "exchangeName": wish["name"] if wish else "",
                }
            ],
        },
    )["returnRequestCreate"]["return"]
    if ret["state"] == "REQUESTED":
        staff("mutation($id:ID!){returnApprove(id:$id){errors{field message}}}", id=ret["id"])
    return ret, (wish or {})


def replacement(staff: GraphQL, ret: dict[str, Any], *states: str) -> dict[str, Any]:
    """The return's replacement, once it is in one of these states."""

    def look() -> dict[str, Any] | None:
        for one in staff(RETURN, id=ret["id"])["return"]["replacements"]:
            if one["state"] in states:
                return one
            assert one["state"] not in {"FAILED", "NEEDS_STAFF", "OUT_OF_STOCK"}, one
        return None

    return wait_for(f"a replacement that is {states}", look)


def received_and_settled(staff: GraphQL, ret: dict[str, Any]) -> None:
    """The goods are back; staff press the button."""
    staff("mutation($id:ID!){returnReceive(id:$id){errors{field message}}}", id=ret["id"])
    preview = staff(RETURN, id=ret["id"])["return"]["settlementPreview"]
    staff(SETTLE, id=ret["id"], f=preview["fingerprint"], k=f"exchange-{ret['number']}")


def test_the_same_again_is_ordered_for_nothing_and_can_be_shipped(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    ret, _wish = asked_back(saleor, staff, email=EVE, dearer=False)
    assert replacement(staff, ret, "PLANNED")["due"]["amount"] in {"0.00", "0"}

    received_and_settled(staff, ret)

    placed = replacement(staff, ret, "PLACED")
    order = saleor.staff(MADE, id=placed["orderId"])["order"]
    assert (order["status"], order["isPaid"], order["total"]["gross"]["amount"]) == ("UNFULFILLED", True, 0)
    assert order["shippingMethodName"]
    assert (order["userEmail"], order["externalReference"].split(":")[2]) == (EVE, ret["number"])
    assert service.letter(EVE, f"{ret['number']}.*packed")


def test_something_dearer_costs_the_difference_and_is_placed_when_that_is_paid(
    saleor: Saleor, service: Service, staff: GraphQL
) -> None:
    ret, wish = asked_back(saleor, staff, email=FAY, dearer=True)
    promised = replacement(staff, ret, "PLANNED")
    assert promised["due"]["amount"] == wish["due"]["amount"]

    received_and_settled(staff, ret)

    waiting = replacement(staff, ret, "AWAITING_PAYMENT")
    order = saleor.staff(MADE, id=waiting["orderId"])["order"]
    assert order["total"]["gross"]["amount"] == pytest.approx(float(wish["due"]["amount"]))
    assert [line["variant"]["id"] for line in order["lines"]] == [wish["variantId"]]
    assert service.letter(FAY, f"{ret['number']}.*to pay")

    saleor.staff(
        "mutation($id:ID!){orderMarkAsPaid(id:$id){order{id} errors{field message code}}}", id=waiting["orderId"]
    )
    replacement(staff, ret, "PLACED")
