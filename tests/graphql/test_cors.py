"""Storefronts call the API from a browser only where their own shop lists them, and never with cookies."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.graphql.api import Asker, as_customer, shop_with_key
from tests.make import make_order, make_shop

pytestmark = pytest.mark.django_db

STORE = "https://store.test"
NAME = "{ shop { name } }"


def preflight(client: Client, origin: str) -> Any:
    return client.options(
        "/graphql/",
        secure=True,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,saleor-api-url",
        },
    )


def from_store(asker: Asker, origin: str = STORE) -> Asker:
    asker.headers["Origin"] = origin
    return asker


def test_a_listed_storefront_may_ask(client: Client):
    make_shop(settings={"allowed_origins": [STORE]})

    response = preflight(client, STORE)

    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == STORE
    assert response["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert "Saleor-Api-Url" in response["Access-Control-Allow-Headers"]
    assert "Origin" in response["Vary"]
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "https://store.test.evil.test", "http://store.test"])
def test_any_other_page_may_not(client: Client, origin: str):
    make_shop(settings={"allowed_origins": [STORE]})

    assert "Access-Control-Allow-Origin" not in preflight(client, origin)


def test_the_storefront_of_an_uninstalled_shop_may_not(client: Client):
    make_shop(connected=False, settings={"allowed_origins": [STORE]})

    assert "Access-Control-Allow-Origin" not in preflight(client, STORE)


def test_a_listed_storefront_may_read_its_own_shops_answers_only():
    mine = make_order(shop_with_key(settings={"allowed_origins": [STORE]}))
    other = make_order(shop_with_key(settings={"allowed_origins": ["https://other.test"]}))

    own = from_store(as_customer(mine)).ask(NAME)
    foreign = from_store(as_customer(other)).ask(NAME)

    assert own.headers["Access-Control-Allow-Origin"] == STORE
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert "Origin" in foreign.headers["Vary"]


def test_a_storefront_can_read_that_its_customers_token_has_ended():
    make_shop(settings={"allowed_origins": [STORE]})

    answer = from_store(Asker("expired")).ask(NAME)

    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == STORE


def test_our_own_pages_need_no_leave():
    order = make_order(shop_with_key())

    answer = from_store(as_customer(order), "https://aftercare.test").ask(NAME)

    assert answer.data
    assert "Access-Control-Allow-Origin" not in answer.headers
