"""The page of a phone that scans at the warehouse, in a real Chromium: paired, scanned, received, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from saleor_aftercare.access import phones
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock
from saleor_aftercare.core.bundle import MANIFEST
from saleor_aftercare.core.models import Shop
from saleor_aftercare.returns.goods import Reception
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, Line, make_order, make_return, make_shop, make_staff

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not MANIFEST.exists(), reason="the dashboard is not built: make assets"),
]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of a running service that believes it is reached there."""
    settings.PUBLIC_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def shop(site: str) -> Shop:
    """A shop whose parcels come to this warehouse."""
    shop = make_shop(name="Komorebi Coffee", saleor_api_url=f"{site}/graphql/")
    ShopSettings.objects.filter(shop=shop).update(default_language="en")
    return shop


def expected(shop: Shop, name: str) -> Return:
    """A return of two units that waits for its parcel."""
    order = make_order(shop, lines=[Line(product_name=name, quantity=2)], delivered=clock.now() - DAY)
    return make_return(order, state=ReturnState.APPROVED, units={order.lines.get(): 2})


def link(shop: Shop) -> str:
    """What the Dashboard's QR code says."""
    _phone, secret = phones.offer_pairing(make_staff(shop), at=clock.now())
    return f"/scan/{shop.handle}/#{secret}"


class Phone:
    """A phone at the warehouse, which notices what goes wrong in its page."""

    def __init__(self, browser: Browser, site: str, locale: str) -> None:
        self.context = browser.new_context(viewport=PHONE, has_touch=True, locale=locale, color_scheme="light")  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.site = site
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)

    def open(self, path: str) -> None:
        """Follow a link."""
        self.page.goto(f"{self.site}{path}")

    def fits(self) -> bool:
        """Nothing is wider than the screen."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture
def phone_of(chromium: Browser, site: str) -> Iterator[Any]:
    """Make phones of a language."""
    made: list[Phone] = []

    def make(locale: str = "en") -> Phone:
        made.append(Phone(chromium, site, locale))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


def test_a_phone_is_paired_by_its_link_and_receives_parcel_after_parcel(phone_of: Any, shop: Shop) -> None:
    first, second = expected(shop, "Kettle"), expected(shop, "Grinder")
    phone = phone_of()
    page = phone.page

    phone.open(link(shop))
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
    assert page.url.endswith(f"/scan/{shop.handle}/"), "the secret is out of the address"
    assert phone.fits()
    page.get_by_label("Scan or type a code").fill(first.number)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Kettle · Black")).to_be_visible()
    assert phone.fits()
    page.get_by_role("button", name="Receive 2 units").click()
    expect(page.get_by_role("button", name="Inspect 2 units")).to_be_visible()
    page.get_by_role("button", name="Next parcel").click()
    # A scanner that acts as a keyboard, on the same page.
    page.keyboard.type(second.number, delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Grinder · Black")).to_be_visible()

    assert Reception.objects.get().ret == first
    assert Return.objects.get(pk=first.pk).state == ReturnState.RECEIVED
    assert phone.trouble == []


def test_what_was_counted_without_a_network_is_sent_once_when_it_is_back(phone_of: Any, shop: Shop) -> None:
    ret = expected(shop, "Kettle")
    phone = phone_of()
    page = phone.page
    phone.open(link(shop))
    page.get_by_label("Scan or type a code").fill(ret.number)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("button", name="Receive 2 units")).to_be_visible()

    phone.context.set_offline(True)
    page.get_by_role("button", name="Receive 2 units").click()
    expect(page.get_by_text(re.compile(f"Not sent yet: {ret.number}"))).to_be_visible()
    assert not Reception.objects.exists()
    phone.context.set_offline(False)
    expect(page.get_by_role("button", name="Inspect 2 units")).to_be_visible(timeout=15_000)

    assert Reception.objects.count() == 1


def test_a_phone_that_was_unpaired_says_so_in_its_language(phone_of: Any, shop: Shop) -> None:
    phone = phone_of("ja")
    phone.open(link(shop))
    page = phone.page
    expect(page.get_by_role("button", name="カメラで読み取る")).to_be_visible()
    assert phone.fits()

    for one in phones.phones_of(shop, at=clock.now()):
        phones.revoke(shop, one.pk, at=clock.now())
    page.get_by_label("コードを読み取るか入力してください").fill("RMA-1")
    page.get_by_role("button", name="検索").click()

    expect(page.get_by_text("このスマートフォンは接続されていません")).to_be_visible(timeout=15_000)


def test_the_page_may_use_the_camera_and_nothing_else_and_stands_in_no_frame(client: Any, shop: Shop) -> None:
    response = client.get(f"/scan/{shop.handle}/", secure=True)

    assert response.status_code == 200
    assert response["Permissions-Policy"].startswith("camera=(self), microphone=()")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.get("/scan/nobody/", secure=True).status_code == 404
