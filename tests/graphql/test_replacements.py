"""Exchanges over the API: what may be had, what was promised, what staff do about it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.connection import client
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from tests.graphql.api import as_customer, as_guest, as_staff, shop_with_key
from tests.make import DAY, NOON, make_order, make_replacement, make_return

pytestmark = pytest.mark.django_db

OPTIONS = """query($l:ID!,$s:String){exchangeOptions(orderLineId:$l,search:$s)
  {variantId name sku price{amount} due{amount} rest{amount} inStock available isSame isSameProduct}}"""
REPLACEMENT = """id state purpose due{amount currency} rest{amount} advance backBy isOverdue orderNumber orderId
  paymentUrl failure actions priceChanges{name promised{amount} now{amount}}
  lines{variantId name quantity due{amount} returnLineId}"""
RETURN = f"query($id:ID!){{return(id:$id){{replacements{{{REPLACEMENT}}}}}}}"
LIST = f"{{returns(first:20){{edges{{node{{number replacements{{{REPLACEMENT}}}}}}}}}}}"


def variant(
    key: int, *, product: str = "UHJvZHVjdDox", price: float = 20.0, stock: int = 5, name: str = "M"
) -> dict[str, Any]:
    """A variant as Saleor tells it."""
    return {
        "id": to_global_id("ProductVariant", key),
        "name": name,
        "sku": f"SKU-{key}",
        "trackInventory": True,
        "quantityAvailable": stock,
        "translation": None,
        "pricing": {"price": {"gross": {"amount": price, "currency": "EUR"}}},
        "product": {
            "id": product,
            "name": "Shirt",
            "isAvailableForPurchase": True,
            "translation": None,
            "productType": {"kind": "NORMAL", "isShippingRequired": True},
        },
    }


@pytest.fixture
def saleor():
    """A Saleor with two sizes of a shirt, and a hat."""
    shirts = [variant(1, name="M"), variant(2, name="L", stock=0)]
    hat = variant(3, product="UHJvZHVjdDoy", price=35.0, name="Hat")

    def edges(rows: list[Any]) -> dict[str, Any]:
        return {"edges": [{"node": row} for row in rows]}

    def answer(request: httpx.Request) -> httpx.Response:
        body = request.read().decode()
        if "AftercareProductOffers" in body:
            data = {"products": edges([{"id": "UHJvZHVjdDox", "productVariants": edges(shirts)}])}
        else:
            data = {"productVariants": edges([hat] if "AftercareSearchOffers" in body else [*shirts, hat])}
        return httpx.Response(200, json={"data": data})

    with client.using_transport(httpx.MockTransport(answer)):
        yield


def bought(shop=None):
    order = make_order(shop or shop_with_key(), delivered=NOON - DAY)
    line = order.lines.get()
    line.product_id, line.variant_id = "UHJvZHVjdDox", to_global_id("ProductVariant", 1)
    line.total, line.quantity = Decimal("20.00"), 1
    line.save()
    return order, line


def promised(order, *, state=ReplacementState.PLANNED, **values):
    ret = make_return(order)
    return ret, make_replacement(ret, state=state, **values)


# -- what may be had ---------------------------------------------------------------------------------------------------


def test_a_customer_sees_the_sizes_with_what_they_cost_and_not_how_many_there_are(saleor):
    order, line = bought()

    options = as_customer(order).ask(OPTIONS, l=line.saleor_id).data["exchangeOptions"]

    assert [(o["name"], o["inStock"], o["available"], o["isSame"], o["due"]["amount"]) for o in options] == [
        ("Shirt M", True, None, True, "0.00"),
        ("Shirt L", False, None, False, "0.00"),
    ]


def test_staff_see_how_many_there_are_and_find_other_products(saleor):
    order, line = bought()
    staff = as_staff(order.shop)

    assert [o["available"] for o in staff.ask(OPTIONS, l=line.saleor_id).data["exchangeOptions"]] == [5, 0]
    (hat,) = staff.ask(OPTIONS, l=line.saleor_id, s="hat").data["exchangeOptions"]
    assert (hat["name"], hat["due"]["amount"], hat["isSameProduct"]) == ("Shirt Hat", "15.00", False)


def test_a_customer_may_not_search_the_shop(saleor):
    order, line = bought()

    answer = as_customer(order).ask(OPTIONS, l=line.saleor_id, s="hat")

    assert answer.code == "PERMISSION_DENIED"


def test_a_line_of_somebody_else_or_of_another_shop_does_not_exist(saleor):
    order, line = bought()
    stranger, _line = bought()

    for asker in (as_customer(stranger), as_guest(stranger), as_staff(stranger.shop)):
        assert asker.ask(OPTIONS, l=line.saleor_id).code == "NOT_FOUND"
    assert order.shop != stranger.shop


REQUEST = """mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i)
  {return{lines{exchangeVariantId exchangeName}} errors{field code message}}}"""


def wish(order, line, key, **values):
    """A request to exchange the only unit for another variant."""
    return {
        "orderId": order.saleor_id,
        "lines": [
            {
                "orderLineId": line.saleor_id,
                "quantity": 1,
                "reason": "too_small",
                "resolution": "EXCHANGE",
                "exchangeVariantId": to_global_id("ProductVariant", key),
                **values,
            }
        ],
    }


def test_a_customer_chooses_a_variant_of_the_same_product_and_its_name_is_ours(saleor):
    order, line = bought()
    shirt = variant(1)
    line.variant_id = "other"
    line.save()

    made = as_customer(order).ask(REQUEST, i=wish(order, line, 1, exchangeName="<b>Free car</b>"))

    assert made.payload("returnRequestCreate")["return"]["lines"] == [
        {"exchangeVariantId": shirt["id"], "exchangeName": "Shirt M"}
    ]


@pytest.mark.parametrize(
    ("key", "code"), [(2, "REFUSED"), (3, "INVALID"), (77, "INVALID")], ids=["sold out", "a hat", "nothing"]
)
def test_a_customer_cannot_choose_what_is_sold_out_or_another_product(saleor, key, code):
    order, line = bought()

    payload = as_customer(order).ask(REQUEST, i=wish(order, line, key)).data["returnRequestCreate"]

    assert [(e["field"], e["code"]) for e in payload["errors"]] == [("lines.0.exchangeVariantId", code)]


# -- what was promised -------------------------------------------------------------------------------------------------


def test_a_customer_reads_what_is_sent_and_where_to_pay_but_nothing_for_staff():
    order, _line = bought()
    ret, _row = promised(
        order, state=ReplacementState.AWAITING_PAYMENT, due=Decimal("5.00"), payment_url="https://shop.example/pay/99",
        failure="internal", changes=[{"variant_id": "V", "name": "Shirt L", "promised": "20.00", "now": "25.00"}],
    )  # fmt: skip

    (read,) = as_customer(order).ask(RETURN, id=to_global_id("Return", ret.pk)).data["return"]["replacements"]

    assert (read["state"], read["due"], read["paymentUrl"], read["orderNumber"]) == (
        "AWAITING_PAYMENT",
        {"amount": "5.00", "currency": "EUR"},
        "https://shop.example/pay/99",
        "99",
    )
    assert (read["orderId"], read["failure"], read["priceChanges"], read["actions"]) == (None, None, [], [])


def test_staff_read_all_of_it():
    order, _line = bought()
    ret, row = promised(
        order, state=ReplacementState.NEEDS_STAFF, failure="Look.",
        changes=[{"variant_id": "V", "name": "Shirt L", "promised": "20.00", "now": "25.00"}],
    )  # fmt: skip

    (read,) = as_staff(order.shop).ask(RETURN, id=to_global_id("Return", ret.pk)).data["return"]["replacements"]

    assert (read["failure"], read["actions"]) == ("Look.", ["retry", "cancel"])
    assert read["priceChanges"] == [{"name": "Shirt L", "promised": {"amount": "20.00"}, "now": {"amount": "25.00"}}]
    assert read["lines"] == [
        {
            "variantId": row.lines[0]["variant_id"],
            "name": "Shirt L",
            "quantity": 1,
            "due": {"amount": "0.00"},
            "returnLineId": to_global_id("ReturnLine", row.lines[0]["return_line"]),
        }
    ]


def test_the_replacements_of_a_list_are_one_query_however_many_there_are():
    shop = shop_with_key()
    staff = as_staff(shop)

    def queries(returns: int) -> int:
        while Replacement.objects.count() < returns:
            promised(make_order(shop, delivered=NOON - DAY))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(staff.ask(LIST).data["returns"]["edges"]) == returns
        return sum("aftercare_replacement" in query["sql"] for query in captured)

    assert [queries(1), queries(4)] == [1, 1]


# -- what staff do -----------------------------------------------------------------------------------------------------

STEP = "mutation($id:ID!){%s(id:$id){replacement{state} errors{field code message}}}"
REOFFER = """mutation($id:ID!,$l:[ExchangeLineInput!]!){returnExchangeReoffer(id:$id,lines:$l)
  {replacement{state due{amount} lines{name}} errors{field code message}}}"""


def instead(ret, key):
    """A variant in place of what the return's only line was promised."""
    return {
        "returnLineId": to_global_id("ReturnLine", ret.lines.get().pk),
        "variantId": to_global_id("ProductVariant", key),
    }


def test_something_else_is_offered_for_what_is_sold_out(saleor):
    order, _line = bought()
    ret, row = promised(order, state=ReplacementState.OUT_OF_STOCK)

    payload = as_staff(order.shop).ask(
        REOFFER, id=to_global_id("Replacement", row.pk), l=[instead(ret, 3)]
    ).data["returnExchangeReoffer"]  # fmt: skip

    assert payload == {
        "replacement": {"state": "PLANNED", "due": {"amount": "15.00"}, "lines": [{"name": "Shirt Hat"}]},
        "errors": [],
    }


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [(2, "REFUSED", "This is sold out too."), (77, "INVALID", "The shop does not sell this here.")],
)
def test_what_cannot_be_had_is_not_offered(saleor, key, code, message):
    order, _line = bought()
    ret, row = promised(order, state=ReplacementState.OUT_OF_STOCK)

    payload = as_staff(order.shop).ask(
        REOFFER, id=to_global_id("Replacement", row.pk), l=[instead(ret, key)]
    ).data["returnExchangeReoffer"]  # fmt: skip

    assert payload["errors"] == [{"field": "lines", "code": code, "message": message}]


@pytest.mark.parametrize(
    ("mutation", "state", "after"),
    [
        ("replacementRetry", ReplacementState.NEEDS_STAFF, "PENDING"),
        ("replacementCancel", ReplacementState.OUT_OF_STOCK, "CANCELED"),
    ],
)
def test_staff_go_on_or_call_off(mutation, state, after):
    order, _line = bought()
    _ret, row = promised(order, state=state)

    payload = as_staff(order.shop).ask(STEP % mutation, id=to_global_id("Replacement", row.pk)).data[mutation]

    assert payload == {"replacement": {"state": after}, "errors": []}


def test_what_is_not_overdue_is_not_charged():
    order, _line = bought()
    _ret, row = promised(order, state=ReplacementState.SHIPPED, advance=True)

    payload = as_staff(order.shop).ask(STEP % "replacementCharge", id=to_global_id("Replacement", row.pk)).data

    assert payload["replacementCharge"]["errors"][0]["code"] == "CONFLICT"


@pytest.mark.parametrize("mutation", ["replacementRetry", "replacementCancel", "replacementCharge"])
def test_customers_staff_without_the_permission_and_other_shops_cannot(mutation):
    order, _line = bought()
    _ret, row = promised(order, state=ReplacementState.NEEDS_STAFF)
    document, known = STEP % mutation, {"id": to_global_id("Replacement", row.pk)}

    def code(asker):
        return asker.ask(document, **known).data[mutation]["errors"][0]["code"]

    assert code(as_customer(order)) == "PERMISSION_DENIED"
    assert code(as_staff(order.shop, ("MANAGE_PRODUCTS",))) == "PERMISSION_DENIED"
    assert code(as_staff(shop_with_key())) == "NOT_FOUND"
