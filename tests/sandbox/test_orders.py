"""Quantities move as Saleor moves them."""

from __future__ import annotations

import pytest

from saleor_aftercare.sandbox import (
    PracticeShop,
    ReturnedLine,
    SentLine,
    ShopError,
    cancel_fulfillment,
    cancel_order,
    fulfill,
    pay_by_card,
    place_order,
    return_products,
)
from saleor_aftercare.sandbox.records import Order

RETURN = """mutation($order: ID!, $input: OrderReturnProductsInput!) {
  orderFulfillmentReturnProducts(order: $order, input: $input) {
    returnFulfillment { id status fulfillmentOrder reason lines { quantity reason orderLine { id } } }
    replaceFulfillment { status lines { quantity } }
    replaceOrder { status origin original shippingMethodName total { gross { amount } } }
    order { status lines { quantityFulfilled } fulfillments { id } }
    errors { field code message } } }"""


@pytest.fixture
def order(shop: PracticeShop) -> Order:
    """Three kettles and two cups, paid and sent in one parcel."""
    user = shop.user(email="jade.guerrero@example.com")
    made = place_order(shop, user=user, lines=[("KETTLE-NAMI", 3), ("CUPS-YUNOMI", 2)])
    pay_by_card(shop, made)
    fulfill(shop, made, tracking_number="TRK-1")
    return made


def test_a_return_moves_units_and_leaves_quantity_fulfilled_alone(shop, order, ask):
    parcel = order.fulfillments[0]
    shelf = dict(shop.variant(order.lines[0].variant).stock)

    answer = ask(
        RETURN,
        order=order.id,
        input={
            "fulfillmentLines": [{"fulfillmentLineId": parcel.lines[0].id, "quantity": 1, "reason": "Too small"}],
            "refund": False,
            "reason": "RMA-1",
        },
    )["data"]["orderFulfillmentReturnProducts"]

    assert answer["errors"] == []
    assert answer["returnFulfillment"]["status"] == "RETURNED"
    assert answer["returnFulfillment"]["fulfillmentOrder"] == 2
    assert answer["returnFulfillment"]["reason"] == "RMA-1"
    assert answer["returnFulfillment"]["lines"] == [
        {"quantity": 1, "reason": "Too small", "orderLine": {"id": order.lines[0].id}}
    ]
    assert answer["order"]["status"] == "PARTIALLY_RETURNED"
    assert answer["order"]["lines"] == [{"quantityFulfilled": 3}, {"quantityFulfilled": 2}]
    assert [x.quantity for x in parcel.lines] == [2, 2]
    assert shop.variant(order.lines[0].variant).stock == shelf


def test_an_emptied_parcel_disappears_with_its_tracking_number(shop, order):
    parcel = order.fulfillments[0]

    return_products(shop, order, [ReturnedLine(x.quantity, fulfillment_line=x.id) for x in parcel.lines])

    assert order.status == "RETURNED"
    assert [(f.status, f.tracking_number) for f in order.fulfillments] == [("RETURNED", "")]


@pytest.mark.parametrize("quantity", [0, 4, 99])
def test_a_wrong_quantity_changes_nothing(shop, order, ask, quantity):
    parcel = order.fulfillments[0]

    answer = ask(
        RETURN,
        order=order.id,
        input={"fulfillmentLines": [{"fulfillmentLineId": parcel.lines[0].id, "quantity": quantity}]},
    )["data"]["orderFulfillmentReturnProducts"]

    assert [(e["field"], e["code"]) for e in answer["errors"]] == [("fulfillmentLineId", "INVALID_QUANTITY")]
    assert [x.quantity for x in parcel.lines] == [3, 2]
    assert order.status == "FULFILLED"


def test_a_return_that_also_refunds_is_refused_for_transactions(shop, order, ask):
    line = order.fulfillments[0].lines[0].id
    wish = {"fulfillmentLines": [{"fulfillmentLineId": line, "quantity": 1}], "refund": True}

    answer = ask(RETURN, order=order.id, input=wish)["data"]["orderFulfillmentReturnProducts"]

    assert [(e["field"], e["code"]) for e in answer["errors"]] == [("order", "CANNOT_REFUND")]
    assert len(order.fulfillments) == 1


def test_a_replacement_is_a_draft_at_full_price_and_leaves_an_empty_return(shop, order, ask):
    order.metadata["note"] = "kept"
    line = order.fulfillments[0].lines[0].id
    wish = {"fulfillmentLines": [{"fulfillmentLineId": line, "quantity": 1, "replace": True}]}

    answer = ask(RETURN, order=order.id, input=wish)["data"]["orderFulfillmentReturnProducts"]

    assert answer["replaceFulfillment"] == {"status": "REPLACED", "lines": [{"quantity": 1}]}
    assert answer["returnFulfillment"]["lines"] == []
    assert answer["replaceOrder"] == {
        "status": "DRAFT",
        "origin": "REISSUE",
        "original": order.id,
        "shippingMethodName": None,
        "total": {"gross": {"amount": 69.0}},
    }
    assert shop.state.orders[-1].metadata == {"note": "kept"}


def test_the_reason_of_a_return_is_unknown_to_3_22(shop, order, ask):
    shop.version = "3.22.67"

    answer = ask(RETURN, order=order.id, input={"fulfillmentLines": [], "reason": "x"})

    assert "data" not in answer
    assert "reason" in answer["errors"][0]["message"]


def test_a_gift_card_never_comes_back(shop):
    user = shop.user(email="jade.guerrero@example.com")
    order = place_order(shop, user=user, lines=[("GIFT-50", 1)])
    pay_by_card(shop, order)
    parcel = fulfill(shop, order)

    with pytest.raises(ShopError, match="gift card"):
        return_products(shop, order, [ReturnedLine(1, fulfillment_line=parcel.lines[0].id)])


def test_what_was_never_sent_can_be_returned_too(shop):
    user = shop.user(email="jade.guerrero@example.com")
    order = place_order(shop, user=user, lines=[("KETTLE-NAMI", 2)])

    return_products(shop, order, [ReturnedLine(1, order_line=order.lines[0].id)])

    assert order.status == "PARTIALLY_RETURNED"
    assert order.lines[0].quantity_fulfilled == 1


def test_an_unpaid_order_is_not_sent(shop):
    order = place_order(shop, user=shop.user(email="jade.guerrero@example.com"), lines=[("KETTLE-NAMI", 1)])

    with pytest.raises(ShopError, match="unpaid"):
        fulfill(shop, order)

    assert order.fulfillments == []


def test_too_much_in_a_parcel_sends_nothing(shop):
    user = shop.user(email="jade.guerrero@example.com")
    order = place_order(shop, user=user, lines=[("KETTLE-NAMI", 2), ("CUPS-YUNOMI", 1)])
    pay_by_card(shop, order)

    with pytest.raises(ShopError, match="Only 1 items"):
        fulfill(shop, order, [SentLine(order.lines[0].id, 1), SentLine(order.lines[1].id, 2)])

    assert [x.quantity_fulfilled for x in order.lines] == [0, 0]


def test_a_sent_order_is_cancelled_only_after_its_parcel(shop, order):
    with pytest.raises(ShopError):
        cancel_order(shop, order)

    shelf = shop.variant(order.lines[0].variant).stock
    before = shelf[shop.state.warehouses[0].id]
    cancel_fulfillment(shop, order, order.fulfillments[0], warehouse=shop.state.warehouses[0].id)
    cancel_order(shop, order)

    assert order.status == "CANCELED"
    assert shelf[shop.state.warehouses[0].id] == before + 3


def test_an_external_reference_is_taken_once(shop, ask):
    create = """mutation($i: DraftOrderCreateInput!) { draftOrderCreate(input: $i) {
      order { number status total { gross { amount } } } errors { field code } } }"""
    wish = {
        "channelId": shop.channel("united-states").id,
        "externalReference": "aftercare:1",
        "lines": [{"variantId": shop.variant(sku="KETTLE-NAMI").id, "quantity": 2, "price": "0"}],
    }

    first, second = (ask(create, i=wish)["data"]["draftOrderCreate"] for _ in range(2))

    assert first == {
        "order": {"number": "1", "status": "DRAFT", "total": {"gross": {"amount": 0.0}}},
        "errors": [],
    }
    assert second == {"order": None, "errors": [{"field": "externalReference", "code": "UNIQUE"}]}


def test_a_guest_is_found_by_number_and_e_mail_in_any_case(shop, order, ask):
    find = "query($f: OrderFilterInput) { orders(first: 2, filter: $f) { edges { node { number } } } }"

    hit = ask(find, f={"numbers": [order.number], "customer": "JADE.guerrero@example.com"})
    miss = ask(find, f={"numbers": [order.number], "customer": "jade@example.com"})

    assert hit["data"]["orders"]["edges"] == [{"node": {"number": order.number}}]
    assert miss["data"]["orders"]["edges"] == []
