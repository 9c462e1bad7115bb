"""Coming in from the storefront, the language, going out."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from saleor_aftercare.access.models import CustomerSession
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import Shop
from tests.graphql.api import customer_claims, sign, staff_claims, trust
from tests.make import NOON, make_order, make_shop, make_staff
from tests.portal.conftest import browse, sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_order(trust(make_shop(settings={"allowed_origins": ["https://store.test"]})))


def ask(order: Order, token: str = "", **changes: Any) -> Any:
    """What a storefront's server sends."""
    body = {
        "orderId": order.saleor_id,
        "returnUrl": "https://store.test/account/orders",
        "locale": "ja-JP",
        "channel": "default-channel",
    }
    token = token or sign(customer_claims(order))
    return Client().post(
        "/portal/session",
        json.dumps(body | changes),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def error_of(response: Any) -> tuple[int, str | None]:
    (error,) = response.json()["errors"]
    assert error["message"]
    return response.status_code, error["field"]


def test_a_signed_in_customer_comes_from_the_storefront_to_the_order(order):
    url = ask(order).json()["url"]
    assert url.startswith("https://aftercare.test/portal/enter/")
    client = Client()

    response = client.get(url.removeprefix("https://aftercare.test"))

    page = f"/portal/{order.shop.handle}/orders/{order.number}/"
    assert (response.status_code, response["Location"], response.content) == (303, page, b"")
    cookie = response.cookies["aftercare_session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/portal/")
    html = text_of(client.get(page))
    assert '<html lang="ja">' in html
    assert 'href="https://store.test/account/orders"' in html


def test_the_storefront_may_send_a_form(order):
    response = Client().post(
        "/portal/session",
        {"orderId": order.saleor_id, "returnUrl": "https://store.test/"},
        headers={"Authorization": f"Bearer {sign(customer_claims(order))}"},
    )

    assert response.status_code == 200
    assert CustomerSession.objects.get().single_use


def test_the_code_is_good_once_and_for_a_minute(order):
    first, late = (ask(order).json()["url"].removeprefix("https://aftercare.test") for _ in range(2))
    assert Client().get(first).status_code == 303

    again = Client().get(first)
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        too_late = Client().get(late)

    assert (again.status_code, too_late.status_code) == (400, 400)
    assert "too old" in text_of(again)
    assert "aftercare_session" not in again.cookies | too_late.cookies


def test_the_token_is_never_in_an_address(order):
    token = sign(customer_claims(order))

    assert token not in ask(order, token).json()["url"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"orderId": ""}, "orderId"),
        ({"orderId": 7}, "orderId"),
        ({"orderId": "x" * 200}, "orderId"),
        ({"orderId": "x\x00"}, "orderId"),
        ({"returnUrl": ""}, "returnUrl"),
        ({"returnUrl": "https://evil.test/"}, "returnUrl"),
        ({"returnUrl": "https://store.test.evil.test/"}, "returnUrl"),
        ({"returnUrl": "https://store.test@evil.test/"}, "returnUrl"),
        ({"returnUrl": "javascript:alert(1)//https://store.test"}, "returnUrl"),
        ({"returnUrl": ["https://store.test/"]}, "returnUrl"),
        ({"locale": {}}, "locale"),
    ],
)
def test_a_bad_field_is_named(order, changes, field):
    assert error_of(ask(order, **changes)) == (400, field)
    assert not CustomerSession.objects.exists()


def test_what_is_no_json_object_is_refused(order):
    for body in ("{", "[]", '"x"', "null", "1" * 20_000):
        response = Client().post(
            "/portal/session",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {sign(customer_claims(order))}"},
        )

        assert error_of(response)[0] == 400


def test_somebody_elses_order_does_not_exist(order):
    stranger = make_order(order.shop)

    assert error_of(ask(order, orderId=stranger.saleor_id)) == (404, "orderId")


def test_only_a_customers_access_token_opens_the_door(order):
    tokens = {
        "expired": sign(customer_claims(order, exp=1)),
        "refresh": sign(customer_claims(order, type="refresh")),
        "of a stranger's key": sign(customer_claims(order), key="stranger"),
        "of another shop": sign(customer_claims(order, iss="https://other.test/graphql/")),
        "of staff": sign(staff_claims(make_staff(order.shop))),
        "no token": "nonsense",
    }

    assert {name: ask(order, token).status_code for name, token in tokens.items()} == dict.fromkeys(tokens, 401)
    assert Client().post("/portal/session", {}).status_code == 401
    assert not CustomerSession.objects.exists()


def test_only_get_enters_and_only_post_hands_over(order):
    code = ask(order).json()["url"].removeprefix("https://aftercare.test")

    assert Client().head(code).status_code == 405
    assert Client().post(code).status_code == 405
    assert Client().get("/portal/session").status_code == 405
    assert CustomerSession.objects.get().single_use


def test_signing_out_ends_the_session_on_the_server_too(order):
    guest = sign_in(order)

    response = guest.post("sign-out/")

    assert response["Location"] == guest.url()
    assert not CustomerSession.objects.exists()
    assert "You are signed out." in text_of(guest.get())
    assert "You are signed out." not in text_of(guest.get())


def language_of(response: Any) -> str:
    return text_of(response).partition('<html lang="')[2][:2]


def test_the_language_is_the_browsers_until_the_reader_chooses():
    visitor = browse(make_shop())
    japanese = {"Accept-Language": "ja,en;q=0.5"}

    assert language_of(visitor.client.get(visitor.url(), headers=japanese)) == "ja"
    assert language_of(visitor.get()) == "en"

    response = visitor.client.post("/portal/language/", {"language": "ja", "next": visitor.url("?order=7")})

    assert response["Location"] == visitor.url("?order=7")
    assert language_of(visitor.get()) == "ja"


def test_the_chosen_language_beats_the_sessions(order):
    guest = sign_in(order, language="ja")
    assert language_of(guest.get(f"orders/{order.number}/")) == "ja"

    guest.client.post("/portal/language/", {"language": "en", "next": guest.url()})

    assert language_of(guest.get(f"orders/{order.number}/")) == "en"


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/elsewhere/", "", "/\\evil.test"])
def test_the_switch_leads_nowhere_else(target):
    response = Client().post("/portal/language/", {"language": "xx", "next": target})

    assert response["Location"] == "/portal/"
    assert "aftercare_language" not in response.cookies


def test_an_address_cannot_smuggle_a_header():
    response = Client().post("/portal/language/", {"language": "ja", "next": "/portal/\r\nX-Evil: 1 日本"})

    assert response["Location"] == "/portal/%0D%0AX-Evil:%201%20%E6%97%A5%E6%9C%AC"
    assert "X-Evil" not in response


def test_forms_from_elsewhere_are_refused_with_a_page(order):
    client = Client(enforce_csrf_checks=True)

    response = client.post(f"/portal/{order.shop.handle}/", {"order_number": "1", "email": "a@b.test"})

    assert response.status_code == 403
    assert "reload the page" in text_of(response)


def test_a_stale_cookie_is_nobody():
    shop = make_shop()

    assert browse(Shop(handle=shop.handle), token="acs_made_up").get("orders/").status_code == 303
