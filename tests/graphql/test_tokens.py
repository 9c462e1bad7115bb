"""Who gets in: every token that is not exactly right is answered with 401 and JSON."""

from __future__ import annotations

import time

import jwt
import pytest

from saleor_aftercare.core.models import Shop
from tests.graphql.api import (
    Asker,
    as_customer,
    as_guest,
    as_staff,
    claims,
    customer_claims,
    nobody,
    shop_with_key,
    sign,
    staff_claims,
    trust,
)
from tests.make import NOON, make_order, make_session, make_shop, make_staff

pytestmark = pytest.mark.django_db

VIEWER = "{ viewer { kind email name userId permissions locale } }"


def test_staff_are_known_by_the_dashboards_token():
    member = make_staff(shop_with_key())

    seen = as_staff(member.shop, ("MANAGE_ORDERS",), member=member).ask(VIEWER).data["viewer"]

    assert seen == {
        "kind": "STAFF",
        "email": member.email,
        "name": "Mei Tanaka",
        "userId": member.user_id,
        "permissions": ["MANAGE_ORDERS"],
        "locale": "en",
    }


def test_customers_and_guests_are_known_without_permissions():
    order = make_order()

    customer = as_customer(order).ask(VIEWER).data["viewer"]
    guest = as_guest(order).ask(VIEWER).data["viewer"]

    assert (customer["kind"], customer["userId"], customer["permissions"]) == ("CUSTOMER", order.user_id, [])
    assert (guest["kind"], guest["userId"], guest["email"], guest["name"]) == (
        "GUEST",
        None,
        order.email,
        order.customer_name,
    )


def _expired(shop: Shop) -> str:
    now = int(time.time())
    return sign(staff_claims(make_staff(shop), iat=now - 400, exp=now - 60))


def _other_shop(shop: Shop) -> str:
    return sign(staff_claims(make_staff(shop)) | {"iss": shop_with_key().saleor_api_url})


def _unsigned(shop: Shop) -> str:
    return jwt.encode(staff_claims(make_staff(shop)), None, algorithm="none", headers={"kid": "1"})


BAD = {
    "expired": _expired,
    "refresh": lambda shop: sign(claims(shop, type="refresh", user_id="VXNlcjox", email="a@b.test")),
    "confirm e-mail": lambda shop: sign(
        claims(shop, type="confirm-email-change", user_id="VXNlcjox", email="a@b.test")
    ),
    "other app": lambda shop: sign(staff_claims(make_staff(shop)) | {"app": "QXBwOjk5"}),
    "not of staff": lambda shop: sign(staff_claims(make_staff(shop)) | {"is_staff": False}),
    "another shop's staff": _other_shop,
    "forged": lambda shop: sign(staff_claims(make_staff(shop)), key="thief"),
    "unsigned": _unsigned,
    "unknown shop": lambda shop: sign(staff_claims(make_staff(shop)) | {"iss": "https://nowhere.test/graphql/"}),
    "without a user": lambda shop: sign(claims(shop, type="access", is_staff=False, email="a@b.test")),
    "no JWT": lambda shop: "not-a-token",
    "unknown guest": lambda shop: "acg_unknown",
    "portal's own": lambda shop: "acs_unknown",
    "very long": lambda shop: "x" * 9000,
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_answered_with_401_and_json(kind: str):
    shop = shop_with_key()

    answer = Asker(BAD[kind](shop)).ask(VIEWER)

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "data" not in answer.body


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer   ", "token"])
def test_a_malformed_header_is_no_anonymous_request(header: str):
    answer = Asker(headers={"Authorization": header}).ask(VIEWER)

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_a_token_for_another_shop_than_the_header_names_is_refused():
    shop, other = shop_with_key(), shop_with_key()
    asker = as_staff(shop)
    asker.headers["Saleor-Api-Url"] = other.saleor_api_url

    assert asker.ask(VIEWER).status == 401


def test_a_guest_token_for_another_shop_than_the_header_names_is_refused():
    asker = as_guest(make_order())
    asker.headers["Saleor-Api-Url"] = make_shop().saleor_api_url

    assert asker.ask(VIEWER).status == 401


def test_a_guests_token_ends():
    order = make_order()
    make_session(order, token="acg_old", expires_at=NOON)

    assert Asker("acg_old").ask(VIEWER).status == 401


def test_a_hand_over_code_is_no_token():
    order = make_order()
    make_session(order, token="acg_code", single_use=True)

    assert Asker("acg_code").ask(VIEWER).status == 401


def test_the_token_of_an_uninstalled_app_is_refused():
    shop = trust(make_shop(connected=False))

    assert as_staff(shop).ask(VIEWER).status == 401


def test_staff_with_a_customers_token_are_that_customer():
    order = make_order(shop_with_key())

    answer = Asker(sign(customer_claims(order, is_staff=True))).ask(VIEWER)

    assert answer.data["viewer"]["kind"] == "CUSTOMER"


def test_without_a_token_nothing_can_be_read():
    answer = nobody(make_shop()).ask("{ shop { name } }")

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_without_a_token_the_header_must_name_a_shop():
    answer = Asker().ask('mutation { guestAccessRequest(orderNumber: "1", email: "a@b.test") { challenge } }')

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_a_shop_shows_its_dashboard_to_staff_only():
    order = make_order(shop_with_key())
    query = "{ shop { name dashboardUrl portalUrl saleorApiUrl defaultLanguage handle } }"

    staff = as_staff(order.shop).ask(query).data["shop"]
    customer = as_customer(order).ask(query).data["shop"]

    assert staff["dashboardUrl"] == order.shop.settings.dashboard_url
    assert customer == staff | {"dashboardUrl": ""}
    assert staff["portalUrl"] == f"https://aftercare.test/portal/{order.shop.handle}/"
