"""A policy is tried out on orders that only Saleor knows."""

from __future__ import annotations

import httpx
import pytest

from saleor_aftercare.connection.client import using_transport
from tests.connection.test_orders import payload
from tests.graphql.api import as_staff, shop_with_key
from tests.graphql.test_policies import DOCUMENT, PREVIEW, saleor_knows

pytestmark = pytest.mark.django_db


def test_an_order_that_is_new_to_us_is_fetched_from_saleor_once_for_its_preview():
    shop = shop_with_key()
    old = payload(number="1042")

    with saleor_knows(old) as asked:
        seen = [as_staff(shop).ask(PREVIEW, d=DOCUMENT, n=text) for text in ("#1042", " 1042 ")]

    assert [len(one.data["returnPolicyPreview"]["lines"]) for one in seen] == [len(old["lines"])] * 2
    assert asked == [{"number": 1042}]


@pytest.mark.parametrize("text", ["1042", "A-17", "", "10\u0000", "9" * 40])
def test_a_preview_says_when_nobody_knows_the_order(text):
    with saleor_knows(None):
        answer = as_staff(shop_with_key()).ask(PREVIEW, d=DOCUMENT, n=text)

    (error,) = answer.body["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND", "field": "orderNumber"}
    assert error["message"] == "Neither we nor Saleor know an order with this number."


def test_a_preview_says_when_saleor_does_not_answer():
    def gone(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with using_transport(httpx.MockTransport(gone)):
        answer = as_staff(shop_with_key()).ask(PREVIEW, d=DOCUMENT, n="1042")

    (error,) = answer.body["errors"]
    assert error["extensions"]["code"] == "PROVIDER_UNAVAILABLE"
    assert error["message"].startswith("We do not know this order yet, and Saleor does not answer at the moment.")
