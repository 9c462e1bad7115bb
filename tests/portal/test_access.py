"""The guest's door."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.access.actions import issue_code
from saleor_aftercare.access.models import CustomerSession, GuestChallenge
from saleor_aftercare.core.models import Job, Shop
from tests.make import NOON, make_challenge, make_order, make_shop
from tests.portal.conftest import browse, sign_in, text_of

pytestmark = pytest.mark.django_db


def shape(sql: str) -> str:
    """A statement without its values."""
    return " ".join(word for word in sql.split() if not any(c.isdigit() or c == "'" for c in word))


def test_the_front_page_leads_to_the_only_shop():
    shop = make_shop()

    response = Client().get("/portal/")

    assert (response.status_code, response["Location"]) == (303, f"/portal/{shop.handle}/")


def test_with_two_shops_the_front_page_names_none_of_them():
    shops = [make_shop(), make_shop()]

    response = Client().get("/portal/")

    assert response.status_code == 200
    assert all(shop.handle not in text_of(response) for shop in shops)


def test_a_guest_is_asked_for_order_and_address():
    response = browse(make_shop()).get()

    assert response.status_code == 200
    assert 'name="order_number"' in text_of(response)
    assert 'name="email"' in text_of(response)


def test_a_hit_and_a_miss_get_the_same_answer_by_the_same_queries():
    order = make_order()
    answers = []

    for number, email in ((order.number, order.email), (order.number, "x@y.test"), ("99999999", order.email)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = browse(order.shop).post("", {"order_number": number, "email": email})
        page = browse(order.shop).client.get(response["Location"])
        answers.append(
            (
                response.status_code,
                response["Location"].partition("?c=")[0],
                len(response["Location"]),
                text_of(page).split("</header>")[1],
                [shape(q["sql"]) for q in queries],
            )
        )

    assert answers[0][:3] == (
        303,
        f"/portal/{order.shop.handle}/code/",
        len(f"/portal/{order.shop.handle}/code/?c=") + 32,
    )
    without_token = [(a[0], a[1], a[2], a[3].partition("csrf")[0], a[4]) for a in answers]
    assert without_token[0] == without_token[1] == without_token[2]
    assert GuestChallenge.objects.count() == 3
    assert Job.objects.filter(kind="access.send_code").count() == 3


def test_the_number_may_be_written_as_people_write_it():
    order = make_order()

    browse(order.shop).post("", {"order_number": f" #{order.number} ", "email": order.email.upper()})

    challenge = GuestChallenge.objects.get()
    assert (challenge.order_number, challenge.email) == (order.number, order.email)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"order_number": "", "email": "a@b.test"}, "order_number"),
        ({"order_number": "1", "email": "not an address"}, "email"),
        ({"order_number": "1" * 31, "email": "a@b.test"}, "order_number"),
        ({"order_number": "1\x00", "email": "a@b.test"}, "order_number"),
    ],
)
def test_what_cannot_be_an_order_is_told_beside_its_field(data, field):
    response = browse(make_shop()).post("", data)

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    assert f'aria-describedby="id_{field}_helptext id_{field}_error"' in text_of(response)
    assert not GuestChallenge.objects.exists()


def test_the_right_code_opens_the_order():
    order = make_order()
    challenge = make_challenge(order, token="claim-of-ada")
    code = issue_code(challenge, order)
    visitor = browse(order.shop)

    response = visitor.client.post(visitor.url("code/?c=claim-of-ada"), {"code": f"{code[:3]} {code[3:]}"})

    assert (response.status_code, response["Location"]) == (303, visitor.url(f"orders/{order.number}/"))
    cookie = response.cookies["aftercare_session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/portal/")
    assert visitor.get(f"orders/{order.number}/").status_code == 200


def test_a_wrong_code_opens_nothing_and_says_so_at_the_field():
    order = make_order()
    challenge = make_challenge(order, token="claim-of-ada")
    code = issue_code(challenge, order)
    visitor = browse(order.shop)

    response = visitor.client.post(visitor.url("code/?c=claim-of-ada"), {"code": "000000" if code != "000000" else "1"})

    assert response.status_code == 422
    assert 'id="id_code_error"' in text_of(response)
    assert not CustomerSession.objects.exists()


def test_a_code_works_once():
    order = make_order()
    code = issue_code(make_challenge(order, token="claim-of-ada"), order)
    visitor = browse(order.shop)
    visitor.client.post(visitor.url("code/?c=claim-of-ada"), {"code": code})

    again = browse(order.shop)
    response = again.client.post(again.url("code/?c=claim-of-ada"), {"code": code})

    assert response.status_code == 422
    assert CustomerSession.objects.count() == 1


def test_a_code_of_one_shop_opens_nothing_in_another():
    order = make_order()
    code = issue_code(make_challenge(order, token="claim-of-ada"), order)
    stranger = browse(make_shop())

    response = stranger.client.post(stranger.url("code/?c=claim-of-ada"), {"code": code})

    assert response.status_code == 422
    assert not CustomerSession.objects.exists()


def test_after_the_code_the_guest_is_where_they_wanted_to_go():
    order = make_order()
    code = issue_code(make_challenge(order, token="claim-of-ada"), order)
    visitor = browse(order.shop)
    target = visitor.url(f"orders/{order.number}/return/")

    response = visitor.client.post(visitor.url(f"code/?c=claim-of-ada&next={target}"), {"code": code})

    assert response["Location"] == target


@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test/", "/portal/other/", "/\\evil.test", "javascript:alert(1)", "x" * 2000],
)
def test_nobody_is_led_out_of_the_portal(target):
    order = make_order()
    code = issue_code(make_challenge(order, token="claim-of-ada"), order)
    visitor = browse(order.shop)

    url = visitor.url("code/") + "?c=claim-of-ada"
    response = visitor.client.post(url, {"code": code}, query_params={"c": "claim-of-ada", "next": target})

    assert response["Location"] == visitor.url()


def test_too_many_tries_get_a_friendly_page_and_a_time_to_wait():
    shop = make_shop()
    data = {"order_number": "1", "email": "a@b.test"}
    for _ in range(5):
        assert browse(shop).post("", data).status_code == 303

    response = browse(shop).post("", data)

    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 600
    assert "That was too often" in text_of(response)
    assert GuestChallenge.objects.count() == 5


def test_the_address_that_counts_is_the_one_the_proxy_saw():
    shop = make_shop()
    visitor = browse(shop)
    for n in range(20):
        visitor.client.post(
            visitor.url(),
            {"order_number": str(n), "email": f"a{n}@b.test"},
            headers={"X-Forwarded-For": f"{n}, 203.0.113.9"},
        )

    response = visitor.client.post(
        visitor.url(), {"order_number": "77", "email": "z@b.test"}, headers={"X-Forwarded-For": "77, 203.0.113.9"}
    )

    assert response.status_code == 429


def test_whoever_is_signed_in_is_not_asked_again():
    order = make_order()

    assert sign_in(order).get()["Location"] == f"/portal/{order.shop.handle}/orders/"
    assert sign_in(make_order(order.shop)).get("", other="1").status_code == 200


def test_a_session_ends_after_half_an_hour_without_a_request():
    order = make_order()
    guest = sign_in(order)

    with time_machine.travel(NOON + timedelta(minutes=20), tick=False):
        assert guest.get(f"orders/{order.number}/").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=45), tick=False):
        assert guest.get(f"orders/{order.number}/").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=76), tick=False):
        response = guest.get(f"orders/{order.number}/")

    assert response.status_code == 303
    assert response["Location"] == guest.url(f"?next=%2Fportal%2F{order.shop.handle}%2Forders%2F{order.number}%2F")


def test_a_session_of_one_shop_is_nobody_in_another():
    order = make_order()
    elsewhere = make_order(number=order.number, email=order.email, user_id=order.user_id)
    guest = sign_in(order, guest=False)
    guest.shop = elsewhere.shop

    assert guest.get(f"orders/{order.number}/").status_code == 303


def test_an_unknown_shop_is_not_found():
    assert browse(Shop(handle="nowhere")).get().status_code == 404
