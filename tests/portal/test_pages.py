"""What every page carries, and pages for what went wrong."""

from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from saleor_aftercare.core import links
from saleor_aftercare.core.errors import (
    AftercareError,
    Conflict,
    InvalidInput,
    NotFound,
    PermissionDenied,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    Unauthenticated,
)
from saleor_aftercare.core.models import Shop
from saleor_aftercare.portal import errors
from saleor_aftercare.portal.words import PART_STATES, REFUND_STATES, REPAIR_STATES, RETURN_STATES, Words
from saleor_aftercare.returns.models import ReturnState
from tests.make import DAY, NOON, make_order, make_shop
from tests.portal.conftest import browse, photo, sign_in, text_of


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "orders/", "nothing/here/"])
def test_every_answer_is_closed(path):
    response = browse(make_shop()).get(path)

    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_no_page_has_script_or_style_of_its_own():
    order = make_order(delivered=NOON - DAY)
    visitor = sign_in(order)

    for path in ("", f"orders/{order.number}/", f"orders/{order.number}/return/", f"orders/{order.number}/repair/"):
        html = text_of(visitor.get(path, other="1"))
        assert html.count("<script") == 1
        assert "style=" not in html
        assert "<style" not in html
        assert " onclick" not in html


@pytest.mark.django_db
def test_pictures_may_come_from_the_shops_saleor_too():
    shop = make_shop(saleor_api_url="http://saleor.test:8000/graphql/")

    assert " http://saleor.test:8000;" in browse(shop).get()["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("x"), 400),
        (Unauthenticated("x"), 401),
        (PermissionDenied("x"), 403),
        (Refused("x"), 403),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (RateLimited("x", retry_after_s=7), 429),
        (ProviderError("x"), 502),
        (ProviderUnavailable("x"), 503),
        (AftercareError("x"), 400),
    ],
)
def test_each_of_our_errors_has_a_page(error, status):
    error.message = "<b>why</b>"

    response = errors.page_for(RequestFactory().get("/portal/x/"), error, shop_name="Komorebi", home="/portal/x/")

    assert response.status_code == status
    assert "&lt;b&gt;why&lt;/b&gt;" in text_of(response)
    assert 'href="/portal/x/"' in text_of(response)


def test_djangos_own_errors_get_our_pages_in_the_portal_only():
    ours, others = RequestFactory().get("/portal/x/"), RequestFactory().get("/elsewhere/")
    handlers = [
        (lambda r: errors.bad_request(r, Exception()), 400),
        (lambda r: errors.permission_denied(r, Exception()), 403),
        (lambda r: errors.page_not_found(r, Exception()), 404),
        (errors.server_error, 500),
    ]

    for handler, status in handlers:
        assert (handler(ours).status_code, handler(others).status_code) == (status, status)
        assert "portal.css" in text_of(handler(ours))
        assert "portal.css" not in text_of(handler(others))
    assert errors.body_too_large(ours).status_code == 413


@pytest.mark.django_db
def test_our_bug_shows_our_page(monkeypatch):
    shop = make_shop()
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("saleor_aftercare.portal.visit.Visit.render", lambda *a, **k: 1 / 0)

    response = client.get(f"/portal/{shop.handle}/")

    assert response.status_code == 500
    assert "Something went wrong on our side" in text_of(response)


@pytest.mark.django_db
def test_an_endless_body_gets_a_page_and_not_json():
    shop = make_shop()

    response = Client().post(
        f"/portal/{shop.handle}/",
        b"x" * 6_000_000,
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": "text/html,*/*", "Accept-Language": "ja"},
    )

    assert response.status_code == 413
    assert '<html lang="ja">' in text_of(response)
    assert Client().post("/graphql/", b"x" * 6_000_000, content_type="text/plain").json()["errors"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["orders/%00/", "returns/%00/", "orders/1/return/%00/", "arrival/%00/", "%00/"])
def test_a_null_character_in_an_address_is_no_page(path):
    order = make_order()

    assert sign_in(order).get(path).status_code in {400, 404}


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["日本", "' OR 1=1 --", "x" * 500, "1001\n", "%", "../1"])
def test_a_strange_number_is_just_not_found(number):
    visitor = sign_in(make_order())

    for kind in ("orders", "returns", "repairs", "parts"):
        assert visitor.get(f"{kind}/{quote(number, safe='')}/").status_code == 404


@pytest.mark.django_db
def test_nobody_fills_the_shop_with_forms(monkeypatch):
    monkeypatch.setattr("saleor_aftercare.portal.visit.POSTS", 2)
    order = make_order()
    flooder, neighbour = sign_in(order), sign_in(order)
    url = f"orders/{order.number}/message/"

    answers = [flooder.post(url, {"key": f"{n:0>32}", "body": "Hello"}).status_code for n in range(3)]

    assert answers == [303, 303, 429]
    assert neighbour.post(url, {"key": "k" * 32, "body": "Hello"}).status_code == 303
    assert flooder.get(f"orders/{order.number}/").status_code == 200


@pytest.mark.django_db
def test_too_many_files_at_once_get_the_same_page():
    order = make_order()

    response = sign_in(order).post(f"orders/{order.number}/message/", {"files": [photo() for _ in range(21)]})

    assert response.status_code == 413
    assert "send fewer at once" in text_of(response)


@pytest.mark.django_db
def test_a_wrong_method_is_refused():
    shop = make_shop()

    assert Client().delete(f"/portal/{shop.handle}/").status_code == 405
    assert Client().get(f"/portal/{shop.handle}/sign-out/").status_code == 405


def test_mailed_addresses_are_the_portals():
    shop = Shop(handle="komorebi")
    number = {"handle": "komorebi", "number": "RMA-1"}

    def path(url: str) -> str:
        return url.removeprefix("https://aftercare.test").partition("?")[0]

    assert path(links.portal_home(shop)) == reverse("portal:start", kwargs={"handle": "komorebi"})
    assert path(links.order(shop, "1001")) == reverse("portal:order", kwargs=number | {"number": "1001"})
    assert path(links.return_status(shop, "RMA-1", "t")) == reverse("portal:return_status", kwargs=number)
    assert path(links.repair_status(shop, "RMA-1", "t")) == reverse("portal:repair_status", kwargs=number)
    assert path(links.spare_part_status(shop, "RMA-1", "t")) == reverse("portal:part_status", kwargs=number)
    token = {"handle": "komorebi", "token": "a:b"}
    assert path(links.followup_answer(shop, "a:b", "all_well")) == reverse("portal:arrival", kwargs=token)
    assert path(links.unsubscribe(shop, "a:b")) == reverse("portal:unsubscribe", kwargs=token)


def test_every_state_has_a_word():
    for labels, field in (
        (RETURN_STATES, "Return"),
        (REPAIR_STATES, "RepairRequest"),
        (PART_STATES, "SparePartRequest"),
        (REFUND_STATES, "Refund"),
    ):
        from django.apps import apps

        choices = apps.get_model("aftercare", field)._meta.get_field("state").choices
        assert set(labels) == {value for value, _label in choices}
    assert ReturnState.REQUESTED in RETURN_STATES


def test_days_and_moments_are_written_as_people_write_them():
    english, japanese = Words("en", "Europe/Paris"), Words("ja", "Asia/Tokyo")

    assert english.day(NOON) == "2 June 2025"
    assert english.moment(NOON) == "2 June 2025, 14:00"
    assert japanese.day(NOON) == "2025年6月2日"
    assert japanese.moment(NOON) == "2025年6月2日 21:00"
