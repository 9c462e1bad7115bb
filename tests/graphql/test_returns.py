"""Asking for returns over the API, and finding them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.returns.models import Return, ReturnState
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, shop_with_key
from tests.make import (
    DAY,
    NOON,
    Line,
    make_file,
    make_order,
    make_policy,
    make_return,
)

pytestmark = pytest.mark.django_db

CREATE = """mutation ($input: ReturnRequestCreateInput!) { returnRequestCreate(input: $input) {
  return { number state verdict policyMessages whoPaysReturnShipping actions note
           lines { quantity reason note amount { amount currency } } }
  errors { code field message }
} }"""


STAFF_ACTIONS = ["approve", "decline", "ask", "cancel", "add_photos", "override", "change_resolution"]


def asked(order: Any, **line: Any) -> dict[str, Any]:
    return {
        "orderId": order.saleor_id,
        "lines": [{"orderLineId": order.lines.get().saleor_id, "quantity": 1, "reason": "too_small"} | line],
    }


def delivered_order(**values: Any) -> Any:
    return make_order(shop_with_key(), delivered=NOON - DAY, **values)


# -- asking ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [as_customer, as_guest, lambda order: as_staff(order.shop)])
def test_customers_guests_and_staff_ask_for_a_return(who: Any):
    order = delivered_order()
    asker: Asker = who(order)

    made = asker.ask(CREATE, input=asked(order, note="Too tight") | {"note": "Sorry"}).payload("returnRequestCreate")

    ret = Return.objects.get()
    staff = who not in (as_customer, as_guest)
    assert made["return"] == {
        "number": ret.number,
        "state": "REQUESTED",
        "verdict": "ASK_STAFF",
        "policyMessages": ["We look at every request before we approve it."],
        "whoPaysReturnShipping": "CUSTOMER",
        "actions": STAFF_ACTIONS if staff else ["cancel", "add_photos"],
        "note": "Sorry",
        "lines": [
            {
                "quantity": 1,
                "reason": "too_small",
                "note": "Too tight",
                "amount": {"amount": "29.90", "currency": "EUR"},
            }
        ],
    }


def test_within_the_rules_a_return_is_approved_at_once():
    order = delivered_order()
    make_policy(order.shop, auto_approve=True)

    made = as_customer(order).ask(CREATE, input=asked(order)).payload("returnRequestCreate")

    assert (made["return"]["state"], made["return"]["verdict"]) == ("APPROVED", "ACCEPT")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"quantity": 0}, ("INVALID", "lines.0.quantity")),
        ({"quantity": -1}, ("INVALID", "lines.0.quantity")),
        ({"quantity": 3}, ("REFUSED", "lines.0.quantity")),
        ({"note": "x" * 5001}, ("INVALID", "lines.0.note")),
        ({"orderLineId": "x"}, ("NOT_FOUND", "lines.0.orderLineId")),
    ],
)
def test_what_is_wrong_with_a_request_is_named_and_nothing_is_made(change: dict[str, Any], error: tuple[str, str]):
    order = delivered_order()

    answer = as_customer(order).ask(CREATE, input=asked(order, **change))

    assert answer.refusal("returnRequestCreate") == error
    assert not Return.objects.exists()


def test_no_lines_and_lines_twice_are_named():
    order = delivered_order()
    customer = as_customer(order)
    twice = asked(order)
    twice["lines"] *= 2

    assert customer.ask(CREATE, input=asked(order) | {"lines": []}).refusal("returnRequestCreate") == (
        "INVALID",
        "lines",
    )
    assert customer.ask(CREATE, input=twice).refusal("returnRequestCreate") == ("INVALID", "lines")


def test_a_line_of_another_order_of_the_same_customer_is_not_found():
    order = delivered_order()
    other = make_order(order.shop, user_id=order.user_id, delivered=NOON - DAY)

    answer = as_customer(order).ask(CREATE, input=asked(order, orderLineId=other.lines.get().saleor_id))

    assert answer.refusal("returnRequestCreate") == ("NOT_FOUND", "lines.0.orderLineId")


def test_the_last_unit_is_given_once():
    order = delivered_order(lines=(Line(quantity=1, total=Decimal("10.00")),))
    customer = as_customer(order)
    customer.ask(CREATE, input=asked(order)).payload("returnRequestCreate")

    again = customer.ask(CREATE, input=asked(order))

    assert again.refusal("returnRequestCreate") == ("REFUSED", "lines.0")
    assert Return.objects.count() == 1


def test_what_may_come_back_is_told_line_by_line():
    order = delivered_order(
        lines=(Line(quantity=3, total=Decimal("10.00")), Line(sku="GIFT", is_gift_card=True, quantity=1))
    )
    make_policy(order.shop, auto_approve=True, window_days=30)

    lines = (
        as_customer(order)
        .ask(
            """query ($id: ID!) { order(id: $id) { lines {
          quantity returnableQuantity unitPrice { amount currency }
          eligibility { verdict reasons messages returnableUntil }
        } } }""",
            id=order.saleor_id,
        )
        .data["order"]["lines"]
    )

    assert lines == [
        {
            "quantity": 3,
            "returnableQuantity": 3,
            "unitPrice": {"amount": "3.33", "currency": "EUR"},
            "eligibility": {
                "verdict": "ACCEPT",
                "reasons": [],
                "messages": [],
                "returnableUntil": "2025-07-01T23:59:59+00:00",
            },
        },
        {
            "quantity": 1,
            "returnableQuantity": 0,
            "unitPrice": {"amount": "59.80", "currency": "EUR"},
            "eligibility": {
                "verdict": "REFUSE",
                "reasons": ["gift_card"],
                "messages": ["Gift cards cannot be returned."],
                "returnableUntil": "2025-07-01T23:59:59+00:00",
            },
        },
    ]


def test_the_last_day_ends_in_the_shops_time_zone():
    shop = shop_with_key(settings={"time_zone": "Asia/Tokyo"})
    make_policy(shop)
    order = make_order(shop, delivered=NOON - DAY)

    line = (
        as_customer(order)
        .ask("query ($id: ID!) { order(id: $id) { lines { eligibility { returnableUntil } } } }", id=order.saleor_id)
        .data["order"]["lines"][0]
    )

    assert line["eligibility"]["returnableUntil"] == "2025-07-01T14:59:59+00:00"


def test_yen_have_no_decimals():
    order = delivered_order(currency="JPY", lines=(Line(quantity=3, total=Decimal(1000)),), shipping=Decimal(500))

    seen = (
        as_customer(order)
        .ask(
            """query ($id: ID!) { order(id: $id) {
              total { amount } shippingPrice { amount } lines { unitPrice { amount } } } }""",
            id=order.saleor_id,
        )
        .data["order"]
    )

    assert seen == {
        "total": {"amount": "1500"},
        "shippingPrice": {"amount": "500"},
        "lines": [{"unitPrice": {"amount": "333"}}],
    }


# -- finding -----------------------------------------------------------------------------------------------------------


def test_returns_are_found_by_number_state_and_search():
    ret = make_return(delivered_order())
    make_return(make_order(ret.shop), state=ReturnState.DECLINED)
    staff = as_staff(ret.shop)
    query = (
        """query ($s: [ReturnState!], $q: String) { returns(state: $s, search: $q) { edges { node { number } } } }"""
    )

    def found(**variables: Any) -> list[str]:
        edges = staff.ask(query, **variables).data["returns"]["edges"]
        return [edge["node"]["number"] for edge in edges]

    assert found(s=["REQUESTED", "APPROVED"]) == [ret.number]
    assert found(q=ret.number.lower()) == [ret.number]
    assert found(q=f"#{ret.order.number}") == [ret.number]
    assert found(q=ret.order.email.upper()) == [ret.number]
    assert found(s=[]) == []
    assert staff.ask("query ($n: String) { return(number: $n) { number } }", n=f" {ret.number.lower()} ").data
    assert staff.ask("{ return { number } }").code == "INVALID"


def test_returns_are_paged_by_key():
    shop = shop_with_key()
    order = make_order(shop, delivered=NOON - DAY)
    made = [make_return(order).number for _ in range(3)]
    query = """query ($a: String) { returns(first: 2, after: $a) {
      pageInfo { hasNextPage endCursor } edges { node { number } } } }"""
    staff = as_staff(shop)

    first = staff.ask(query).data["returns"]
    second = staff.ask(query, a=first["pageInfo"]["endCursor"]).data["returns"]

    assert [edge["node"]["number"] for edge in first["edges"] + second["edges"]] == made[::-1]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


def test_photos_of_a_line_are_there():
    ret = make_return(delivered_order())
    ret.lines.get().photos.add(make_file(ret.shop, name="a.jpg", content_type="image/jpeg"))

    (line,) = (
        as_customer(ret.order)
        .ask("query ($id: ID!) { return(id: $id) { lines { photos { name } orderLine { sku } } } }",
             id=to_global_id("Return", ret.pk))
        .data["return"]["lines"]
    )  # fmt: skip

    assert line == {"photos": [{"name": "a.jpg"}], "orderLine": {"sku": "GRINDER-1"}}


def test_guessing_orders_ends_soon(no_saleor: None):
    customer = as_customer(delivered_order())
    query = "query ($id: ID!) { order(id: $id) { id } }"
    for n in range(30):
        assert customer.ask(query, id=to_global_id("Order", f"guess-{n}")).code == "NOT_FOUND"

    assert customer.ask(query, id=to_global_id("Order", "guess")).code == "RATE_LIMITED"
