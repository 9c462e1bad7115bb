"""The practice shop's pages: they open, say what they are, speak both languages, and their buttons work."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from saleor_aftercare.sandbox import fulfill, pay_by_card, place_order, settings
from saleor_aftercare.sandbox.words import JAPANESE

from .aftercare import AFTERCARE

SANDBOX = Path(settings.HERE)
PAGES = [
    "/",
    "/shop/",
    "/control/",
    "/mailbox/",
    "/mailbox/write/",
    "/dashboard/",
    "/dashboard/orders/",
    "/dashboard/customers/",
]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_in_both_languages_and_says_what_it_is(browser, installed, path, language):
    browser.cookies["practice_language"] = language

    page = browser.get(path)

    assert page.status_code == 200
    text = page.content.decode()
    assert f'lang="{language}"' in text
    assert ("stand-in" in text or "stands in" in text) if language == "en" else "代わり" in text


def test_every_text_of_the_pages_has_a_translation():
    used: set[str] = set()
    for template in (SANDBOX / "templates").rglob("*.html"):
        found = re.findall(r"{%\s*say\s+(?:\"([^\"]*)\"|'([^']*)')", template.read_text(encoding="utf-8"))
        used |= {one or other for one, other in found}
    for view in (SANDBOX / "views").glob("*.py"):
        used |= set(re.findall(r'words\(\s*request,\s*"([^"]*)"', view.read_text(encoding="utf-8")))
    used |= {"Aftercare is switched on.", "Aftercare is switched off."}

    assert used - JAPANESE.keys() == set()
    assert JAPANESE.keys() - used == set()


def test_installing_twice_is_installing_once(practice, browser, installed, fake):
    browser.post("/control/install")

    assert len(fake.sent_to("/saleor/register")) == 1
    assert practice.aftercare.app is installed


def test_a_customer_signs_in_and_is_handed_over_without_a_token_in_the_address(practice, browser, fake):
    browser.post("/shop/sign-in/", {"email": "hanako.yamada@example.com"})
    account = browser.get("/shop/account/")
    order = practice.shop.order_by_number(18)

    answer = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/")

    assert "ご注文履歴" in account.content.decode()
    assert (answer.status_code, answer["Location"]) == (303, f"{AFTERCARE}/portal/enter/once/?order=1")
    asked = fake.sent_to("/portal/session")[0]
    assert asked.headers["Authorization"].startswith("Bearer ey")
    assert order.id in asked.content.decode()
    assert '"locale":"ja"' in asked.content.decode().replace(" ", "")


def test_another_customers_order_is_not_handed_over(practice, browser, fake):
    browser.post("/shop/sign-in/", {"email": "hanako.yamada@example.com"})
    order = practice.shop.order_by_number(1)

    answer = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/")

    assert answer["Location"] == "/shop/"
    assert fake.requests == []


def test_a_refused_hand_over_is_explained(practice, browser, fake):
    fake.hand_over = httpx.Response(401, json={"errors": [{"message": "Not today", "field": None}]})
    browser.post("/shop/sign-in/", {"email": "jade.guerrero@example.com"})
    order = practice.shop.order_by_number(15)

    page = browser.post(f"/shop/orders/{quote(order.id, safe='')}/help/", follow=True)

    assert "Not today" in page.content.decode()


def test_a_widget_stands_on_the_order_page_with_saleors_query(practice, browser, installed):
    order = practice.shop.order_by_number(18)

    page = browser.get(f"/dashboard/orders/{quote(order.id, safe='')}")

    text = page.content.decode()
    src = re.search(r'data-src="(https://aftercare\.test/widgets/order[^"]*)"', text)[1].replace("&amp;", "&")
    query = dict(httpx.URL(src).params)
    assert query == {
        "domain": "127.0.0.1:8687",
        "saleorApiUrl": "http://127.0.0.1:8687/graphql/",
        "id": installed.id,
        "theme": "light",
        "orderId": order.id,
    }
    assert 'sandbox="allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"' in text
    assert '"identifier": "start-return"' in text
    assert page["Referrer-Policy"] == "origin-when-cross-origin"


def test_a_widget_without_a_method_is_filled_by_post(practice, browser, installed):
    person = practice.shop.user(email="hanako.yamada@example.com")

    text = browser.get(f"/dashboard/customers/{quote(person.id, safe='')}").content.decode()

    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text.split("data-fills")[1]))
    assert set(fields) >= {"saleorApiUrl", "accessToken", "appId", "customerId"}
    assert fields["customerId"] == person.id


def test_deep_links_keep_the_apps_path_and_query(practice, browser, installed):
    path = f"/dashboard/extensions/app/{quote(installed.id, safe='')}/inbox/tickets/7?view=mine"

    text = browser.get(path).content.decode()

    assert f'data-src="{AFTERCARE}/inbox/tickets/7?view=mine&amp;domain=' in text


def test_an_address_of_an_earlier_installation_leads_to_the_present_one(practice, browser, installed):
    browser.post("/control/reinstall/")
    newer = practice.aftercare.app

    answer = browser.get(f"/dashboard/extensions/app/{installed.id}/inbox")

    assert newer.id != installed.id
    assert answer["Location"] == f"/dashboard/extensions/app/{quote(newer.id, safe='')}/inbox"


def test_staff_see_what_their_permissions_allow(practice, browser, installed):
    browser.post("/dashboard/sign-in/", {"email": "ben@kaze-kettle.example"})

    home = browser.get("/dashboard/").content.decode()
    orders = browser.get("/dashboard/orders/").content.decode()

    assert "/dashboard/orders/" not in home
    assert "Open its address anyway" in home
    assert "You do not have the permission" in orders


def test_tokens_come_fresh_for_the_page_and_its_extensions(practice, browser, installed):
    widget = next(e for e in installed.extensions if e.mount == "ORDER_DETAILS_WIDGETS")

    page = browser.get("/dashboard/token/", {"app": installed.id})
    part = browser.get("/dashboard/token/", {"app": installed.id, "extension": widget.id})
    gone = browser.get("/dashboard/token/", {"app": "nothing"})

    assert page.json()["token"].count(".") == part.json()["token"].count(".") == 2
    assert gone.status_code == 404


def test_orders_are_placed_paid_sent_delivered_and_cancelled_by_buttons(practice, browser, installed, fake):
    shop = practice.shop
    wish = {
        "customer": "naoki.takahashi@example.com",
        "sku": ["KETTLE-NAMI", "TEA-HOJICHA-80"],
        "quantity": ["1", "2"],
        "shipping": shop.state.shipping_methods[1].id,
        "voucher": "WELCOME10",
    }
    browser.post("/control/place/", wish)
    order = shop.order_by_number(23)
    assert [(x.sku, x.quantity) for x in order.lines] == [("KETTLE-NAMI", 1), ("TEA-HOJICHA-80", 2)]
    assert order.transactions == []

    browser.post("/control/pay/", {"order": order.id})
    browser.post("/control/fulfil/", {"order": order.id, "part": "first"})
    assert order.status == "PARTIALLY_FULFILLED"
    parcel = order.fulfillments[0]
    browser.post("/control/deliver/", {"order": order.id, "parcel": parcel.id})
    event = fake.sent_to("/carriers/kaze/events/")[0]
    assert event.headers["Authorization"] == "Bearer acc_1"
    assert parcel.tracking_number in event.content.decode()

    browser.post("/control/cancel-parcel/", {"order": order.id, "parcel": parcel.id})
    browser.post("/control/cancel/", {"order": order.id})
    assert order.status == "CANCELED"


def test_what_cannot_be_done_is_explained(practice, browser):
    order = practice.shop.order_by_number(1)

    page = browser.post("/control/cancel/", {"order": order.id}, follow=True)

    assert "be canceled" in page.content.decode()
    assert order.status == "FULFILLED"
    assert browser.post("/control/nonsense/").status_code == 404


def test_the_clock_goes_forward_for_everybody(practice, browser, tmp_path):
    browser.post("/control/clock/", {"move": "day"})
    browser.post("/control/clock/", {"move": "hour"})

    assert (tmp_path / "clock").read_text() == "90000"


def test_trouble_is_made_and_mended(practice, browser):
    browser.post("/control/break/", {"how": "500", "times": "3"})
    browser.post("/control/disorder/", {"shuffle": "on", "lose": "order_updated, "})

    assert [(f.how, f.left) for f in practice.shop.faults.waiting] == [("500", 3)]
    assert practice.hooks.disorder.shuffle
    assert not practice.hooks.disorder.deferred
    assert practice.hooks.disorder.lose == {"ORDER_UPDATED"}
    browser.post("/control/break/", {"how": "mend"})
    assert practice.shop.faults.waiting == []


def test_the_api_and_its_keys_are_served_over_http(practice, browser):
    answer = browser.post("/graphql/", {"query": "{ shop { name version } }"}, content_type="application/json")
    broken = browser.post("/graphql/", "nonsense", content_type="application/json")

    assert answer.json() == {"data": {"shop": {"name": "Kaze & Kettle", "version": "3.23.28"}}}
    assert broken.status_code == 400
    assert browser.get("/.well-known/jwks.json").json()["keys"][0]["kid"] == practice.shop.keys.kid


def test_pictures_are_drawn_for_all_goods_and_nothing_else(practice, browser):
    for product in practice.shop.state.products:
        picture = browser.get(f"/pictures/{product.slug}.png", {"size": "64"})
        assert picture.content.startswith(b"\x89PNG")
    assert browser.get("/pictures/unknown.png").status_code == 404
    assert browser.get("/assets/..%2Fsettings.py").status_code == 404


def test_an_order_sent_while_the_page_is_open_shows_its_parcel(practice, browser):
    user = practice.shop.user(email="zofia.kowalska@example.com")
    order = place_order(practice.shop, user=user, lines=[("KETTLE-NAMI", 1)])
    pay_by_card(practice.shop, order)
    fulfill(practice.shop, order, tracking_number="KK-NEW-1")

    page = browser.get(f"/dashboard/orders/{quote(order.id, safe='')}")

    assert "KK-NEW-1" in page.content.decode()
