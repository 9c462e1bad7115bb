"""A parcel that came without a return: whose it may be, and a return for it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from saleor_aftercare.connection.client import using_transport
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import Shop
from saleor_aftercare.returns import strays
from tests.connection.test_orders import payload
from tests.graphql.api import as_staff, shop_with_key
from tests.make import DAY, NOON, make_order

pytestmark = pytest.mark.django_db

SEARCH = "query ($t: String!) { strayParcelOrders(text: $t) { number customerName customerEmail } }"


def found(shop: Shop, text: str) -> list[str]:
    answer = as_staff(shop, ("MANAGE_ORDERS",)).ask(SEARCH, t=text)
    return [one["number"] for one in answer.data["strayParcelOrders"]]


def orders(shop: Shop) -> list[Order]:
    people = [("hana@example.com", "Sato Hana"), ("ada@example.com", "Ada Lovelace"), ("hana@example.com", "佐藤 花")]
    return [
        make_order(shop, email=email, customer_name=name, placed_at=NOON - n * DAY)
        for n, (email, name) in enumerate(people)
    ]


def test_an_order_is_found_by_number_by_mail_and_by_a_part_of_the_name_newest_first():
    shop = shop_with_key()
    first, second, third = orders(shop)

    assert found(shop, f"#{second.number}") == [second.number]
    assert found(shop, " HANA@example.com ") == [first.number, third.number]
    assert found(shop, "lovel") == [second.number]
    assert found(shop, "佐藤") == [third.number]


@pytest.mark.parametrize("text", ["", "x", "nobody", "a\u0000b", "%", "__", "y" * 400, "hana@exa"])
def test_what_is_nothing_to_search_for_finds_nothing(text):
    shop = shop_with_key()
    orders(shop)

    assert found(shop, text) == []


def test_orders_of_another_shop_are_not_found():
    shop, other = shop_with_key(), shop_with_key()
    (theirs, *_rest) = orders(other)

    assert found(shop, "hana@example.com") == []
    assert found(shop, theirs.customer_name) == []


def test_a_name_is_looked_for_among_the_newest_orders_only(monkeypatch):
    shop = shop_with_key()
    orders(shop)
    monkeypatch.setattr(strays, "SEARCHED_ORDERS", 1)

    assert found(shop, "Lovelace") == []
    assert found(shop, "ada@example.com") != []


def test_a_number_that_is_new_to_us_is_asked_of_saleor():
    shop = shop_with_key()
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content)["variables"])
        edges = [{"node": payload(number="1042")}] if asked[-1] == {"number": 1042} else []
        return httpx.Response(200, json={"data": {"orders": {"edges": edges}}})

    with using_transport(httpx.MockTransport(answer)):
        assert found(shop, "#1042") == ["1042"]
        assert found(shop, "1043") == []

    assert asked == [{"number": 1042}, {"number": 1043}]
    assert Order.objects.get(shop=shop).number == "1042"


def test_as_many_queries_however_many_orders_are_found(django_assert_num_queries):
    shop = shop_with_key()
    orders(shop)
    staff = as_staff(shop, ("MANAGE_ORDERS",))
    staff.ask(SEARCH, t="hana@example.com")

    with django_assert_num_queries(4):
        staff.ask(SEARCH, t="hana@example.com")
