"""The API as an app and a storefront meet it: tokens, permissions, pages, faults, and a memory on disk."""

from __future__ import annotations

from pathlib import Path

import httpx
import jwt
import pytest

from saleor_aftercare.sandbox import (
    PracticeShop,
    PracticeTransport,
    access_token,
    app_user_token,
    fill,
    pay_by_card,
    place_order,
    refresh_token,
)

RECORDED = {"iat", "owner", "iss", "exp", "token", "email", "type", "user_id", "is_staff"}


def claims(token: str) -> dict:
    """What a token says, believed."""
    return jwt.decode(token, options={"verify_signature": False})


def test_tokens_carry_the_claims_that_were_recorded(shop, app):
    owner, customer = shop.state.users[0], shop.user(email="zofia.kowalska@example.com")

    for_page = claims(app_user_token(shop, owner, app))
    for_widget = claims(app_user_token(shop, owner, app, extension=app.extensions[0]))
    of_customer = claims(access_token(shop, customer))
    refresh = claims(refresh_token(shop, customer)[0])

    assert set(of_customer) == RECORDED
    assert (of_customer["type"], of_customer["is_staff"], of_customer["user_id"]) == ("access", False, customer.id)
    assert of_customer["exp"] - of_customer["iat"] == 300
    assert of_customer["iss"] == "https://shop.test/graphql/"
    assert set(refresh) == RECORDED | {"csrfToken"}
    assert set(for_page) == RECORDED | {"app", "permissions", "user_permissions"}
    assert (for_page["type"], for_page["app"]) == ("thirdparty", app.id)
    assert sorted(for_page["permissions"]) == ["HANDLE_PAYMENTS", "MANAGE_ORDERS", "MANAGE_USERS"]
    assert set(for_widget) == RECORDED | {"app", "permissions", "user_permissions", "app_extension"}
    assert for_widget["permissions"] == ["MANAGE_ORDERS"]
    assert claims(access_token(shop, customer, audience="aftercare"))["aud"] == "custom:aftercare"


def test_signing_in_refreshing_and_verifying(shop, ask):
    create = (
        'mutation { tokenCreate(email: "zofia.kowalska@example.com", password: "practice") { token refreshToken } }'
    )
    made = ask(create, token="")["data"]["tokenCreate"]

    me = ask("{ me { email } }", token=made["token"])
    again = ask(
        "mutation($t: String) { tokenRefresh(refreshToken: $t) { token errors { code } } }", t=made["refreshToken"]
    )
    verify = "mutation($t: String!) { tokenVerify(token: $t) { isValid user { email } } }"
    before = ask(verify, t=made["token"])
    shop.user(email="zofia.kowalska@example.com").token_key = "signed-out"
    after = ask(verify, t=made["token"])

    assert me["data"]["me"]["email"] == "zofia.kowalska@example.com"
    assert again["data"]["tokenRefresh"]["errors"] == []
    assert before["data"]["tokenVerify"]["isValid"] is True
    assert after["data"]["tokenVerify"] == {"isValid": False, "user": None}


def test_an_expired_token_is_told_so(shop, ask):
    old = access_token(shop, shop.state.users[0], ttl_s=-1)

    answer = ask("{ me { email } }", token=old)

    assert answer["errors"][0]["message"] == "Signature has expired"
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "ExpiredSignatureError"


def test_a_customer_may_not_list_orders_but_anybody_may_read_one(shop, ask):
    user = shop.user(email="zofia.kowalska@example.com")
    order = place_order(shop, user=user, lines=[("KETTLE-NAMI", 1)])

    listed = ask("{ orders(first: 1) { totalCount } }", token=access_token(shop, user))
    read = ask("query($id: ID!) { order(id: $id) { number userEmail } }", token="", id=order.id)

    assert listed["data"] == {"orders": None}
    assert listed["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert listed["errors"][0]["message"].endswith("permissions: MANAGE_ORDERS")
    assert read["data"]["order"] == {"number": "1", "userEmail": "zofia.kowalska@example.com"}


def test_a_framed_token_acts_within_what_app_and_user_share(shop, app, ask):
    support = shop.user(email="aki@kaze-kettle.example")
    token = app_user_token(shop, support, app)

    me = ask("{ me { email } }", token=token)
    refund = ask(
        "mutation { transactionRequestRefundForGrantedRefund(grantedRefundId: 1) { errors { code } } }", token=token
    )

    assert me["data"]["me"]["email"] == "aki@kaze-kettle.example"
    assert "HANDLE_PAYMENTS" in refund["errors"][0]["message"]


def test_pages_are_walked_to_the_end_and_no_larger_than_a_hundred(shop, ask):
    user = shop.user(email="zofia.kowalska@example.com")
    for _ in range(5):
        place_order(shop, user=user, lines=[("KETTLE-NAMI", 1)])
    query = """query($after: String) { orders(first: 2, after: $after, sortBy: {field: NUMBER, direction: ASC}) {
      edges { node { number } } pageInfo { hasNextPage endCursor } } }"""

    found, after = [], None
    while True:
        page = ask(query, after=after)["data"]["orders"]
        found += [edge["node"]["number"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert found == ["1", "2", "3", "4", "5"]
    assert "exceeds the limit" in ask("{ orders(first: 101) { totalCount } }")["errors"][0]["message"]


def test_a_document_that_saleor_would_not_know_is_refused(shop):
    http = httpx.Client(transport=PracticeTransport(shop))

    answer = http.post(shop.api_url, json={"query": "{ shop { secret } }"})

    assert answer.status_code == 400
    assert "secret" in answer.json()["errors"][0]["message"]


def test_what_is_broken_on_purpose_breaks_once(shop, app):
    http = httpx.Client(transport=PracticeTransport(shop), headers={"Authorization": f"Bearer {app.token}"})
    note = """mutation($o: ID!) { orderNoteAdd(order: $o, input: {message: "hello"}) { errors { code } } }"""
    order = place_order(shop, user=shop.user(email="zofia.kowalska@example.com"), lines=[("KETTLE-NAMI", 1)])

    def add() -> httpx.Response:
        return http.post(shop.api_url, json={"query": note, "variables": {"o": order.id}})

    def notes() -> int:
        return len([e for e in order.events if e.type == "NOTE_ADDED"])

    shop.faults.add("500", operation="orderNoteAdd")
    assert (add().status_code, notes()) == (500, 0)
    shop.faults.add("timeout")
    with pytest.raises(httpx.ReadTimeout):
        add()
    assert notes() == 0
    shop.faults.add("lost")
    with pytest.raises(httpx.ReadTimeout):
        add()
    assert notes() == 1
    shop.faults.add("token")
    assert "MANAGE_ORDERS" in add().json()["errors"][0]["message"]
    assert add().json() == {"data": {"orderNoteAdd": {"errors": []}}}
    assert notes() == 2


def test_a_second_start_finds_everything_where_it_was(tmp_path: Path):
    path = tmp_path / "practice-shop.json"
    first = PracticeShop(path=path)
    fill(first)
    order = first.state.orders[20]
    pay_by_card(first, order)

    second = PracticeShop(path=path)
    fill(second)

    assert second.state == first.state
    assert second.keys.kid == first.keys.kid
    assert len(second.state.orders) == 22


def test_the_seed_is_the_same_every_time_and_varied():
    one, two = PracticeShop(), PracticeShop()
    fill(one)
    fill(two)

    assert [o.id for o in one.state.orders] == [o.id for o in two.state.orders]
    assert {o.status for o in one.state.orders} == {"FULFILLED", "PARTIALLY_FULFILLED", "UNFULFILLED", "CANCELED"}
    assert {one.currency(o) for o in one.state.orders} == {"EUR", "USD", "JPY"}
    assert any(o.user is None for o in one.state.orders)
