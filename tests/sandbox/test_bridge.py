"""The Dashboard frame in a real Chromium: what a framed app says and hears, in the words of App Bridge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
import jwt
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Page, sync_playwright

from saleor_aftercare.sandbox import current, settings
from tests.sandbox.aftercare import MANIFEST

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
#: An app's page that keeps what it hears, and says what a test lets it say.
APP_PAGE = b"""<!doctype html><script>
window.heard = [];
const home = new URL(document.referrer).origin;
addEventListener("message", ({origin, data}) => { if (origin === home) heard.push(data); });
const act = (type, payload = {}) => new Promise((done) => {
  const actionId = crypto.randomUUID();
  addEventListener("message", function hear({data}) {
    if (data.type !== "response" || data.payload.actionId !== actionId) return;
    removeEventListener("message", hear);
    done(data.payload.ok);
  });
  parent.postMessage({type, payload: {...payload, actionId}}, "*");
});
act("notifyReady");
</script><p>The app</p>"""


class App(BaseHTTPRequestHandler):
    """Serves the same page everywhere."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(APP_PAGE)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's
        """Say nothing."""


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  wsgiref's
        """Say nothing."""


class ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serving(server: Any) -> str:
    """Serve from a thread; gives the origin."""
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def app_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    yield serving(server)
    server.shutdown()
    server.server_close()


@pytest.fixture
def dashboard(app_url: str) -> Iterator[str]:
    """The address of a practice shop with the app installed."""
    server = ThreadedServer(("127.0.0.1", 0), QuietHandler)
    manifest = {
        **MANIFEST,
        "appUrl": app_url,
        "extensions": [
            {**e, "url": str(e["url"]).replace("https://aftercare.test", app_url)} for e in MANIFEST["extensions"]
        ],
    }
    answers = httpx.MockTransport(lambda request: httpx.Response(200, json=manifest))
    with override_settings(
        ROOT_URLCONF=settings.ROOT_URLCONF,
        MIDDLEWARE=settings.MIDDLEWARE,
        TEMPLATES=settings.TEMPLATES,
        ALLOWED_HOSTS=["127.0.0.1"],
        SECURE_REFERRER_POLICY=settings.SECURE_REFERRER_POLICY,
        SECURE_SSL_REDIRECT=False,
        USE_I18N=False,
    ):
        server.set_app(WSGIHandler())
        url = serving(server)
        made = current.build(
            practice_url=url, aftercare_url="https://aftercare.test", http=httpx.Client(transport=answers)
        )
        current.serve(made)
        made.installer.install("https://aftercare.test/saleor/manifest.json")
        yield f"{url}/dashboard"
        current.serve(None)
        server.shutdown()
        server.server_close()


Visit = Callable[[Callable[[Page], None]], None]


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Run a function with a page, in a thread of its own: Playwright keeps an event loop where it is used."""

    def run(steps: Callable[[Page], None]) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(locale="en-US", viewport={"width": 1440, "height": 900})
            page.set_default_timeout(10_000)
            steps(page)
            browser.close()

    with ThreadPoolExecutor(1) as thread:
        yield lambda steps: thread.submit(run, steps).result()


def order_page(dashboard: str) -> str:
    """Order 18's address."""
    order = current.current().shop.order_by_number(18)
    return f"{dashboard}/orders/{quote(order.id, safe='')}"


def test_the_app_page_shakes_hands_and_follows_theme_language_and_address(dashboard: str, visit: Visit) -> None:
    app = current.current().aftercare.app
    assert app is not None
    start = f"{dashboard}/extensions/app/{quote(app.id, safe='')}/inbox"

    def steps(page: Page) -> None:
        page.goto(start)
        frame = page.frame(name="frame-" + app.id.rstrip("="))
        assert frame is not None
        frame.wait_for_function("heard.some((e) => e.type === 'redirect') && heard.some((e) => e.type === 'response')")
        shake = frame.evaluate("heard.find((e) => e.type === 'handshake').payload")
        assert (shake["version"], shake["saleorVersion"], shake["dashboardVersion"]) == (1, "3.23.28", "v3.23.27")
        assert jwt.decode(shake["token"], options={"verify_signature": False})["app"] == app.id
        assert frame.evaluate("heard.find((e) => e.type === 'theme').payload") == {"theme": "light"}
        assert frame.evaluate("heard.find((e) => e.type === 'localeChanged').payload") == {"locale": "en"}

        page.click("button[value=dark]")
        frame.wait_for_function("heard.some((e) => e.type === 'theme' && e.payload.theme === 'dark')")
        page.click("button[value=ja]")
        frame.wait_for_function("heard.some((e) => e.type === 'localeChanged' && e.payload.locale === 'ja')")
        assert page.locator("html").get_attribute("lang") == "ja"

        assert frame.evaluate("act('updateRouting', {newRoute: '/inbox/tickets/7?view=mine'})") is True
        assert page.url == f"{start}/tickets/7?view=mine"
        assert frame.evaluate("act('notification', {status: 'success', title: 'Saved', text: 'All of it'})") is True
        assert page.locator(".toast.success").inner_text() == "Saved\nAll of it"
        assert frame.evaluate("act('openPopup', {extensionIdentifier: 'start-return'})") is False
        assert frame.evaluate("act('requestPermissions', {})") is False
        assert frame.evaluate("act('redirect', {to: 'javascript:alert(1)'})") is False

        page.go_back()
        page.wait_for_url(start)
        # Going back loads the frame anew, with the theme of now; the redirect ends it: act after this call is answered.
        frame.wait_for_url(lambda url: "theme=dark" in url)
        frame.wait_for_function("window.heard && heard.some((e) => e.type === 'handshake')")
        frame.evaluate("void setTimeout(() => act('redirect', {to: '/orders/'}), 100)")
        page.wait_for_url(f"{dashboard}/orders/")

    visit(steps)


def test_a_widget_grows_refreshes_its_page_and_opens_a_popup(dashboard: str, visit: Visit) -> None:
    app = current.current().aftercare.app
    assert app is not None
    widget_id = next(e.id for e in app.extensions if e.mount == "ORDER_DETAILS_WIDGETS")

    def steps(page: Page) -> None:
        page.goto(order_page(dashboard))
        frame = page.frame(name="frame-" + widget_id.rstrip("="))
        assert frame is not None
        frame.wait_for_function("window.heard && heard.some((e) => e.type === 'response')")
        token = frame.evaluate("heard.find((e) => e.type === 'handshake').payload.token")
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["app_extension"], claims["permissions"]) == (widget_id, ["MANAGE_ORDERS"])

        assert frame.evaluate("act('widgetResize', {height: 478})") is True
        assert page.locator("iframe.widget").bounding_box()["height"] == 478
        assert frame.evaluate("act('widgetResize', {height: 99999})") is True
        assert page.locator("iframe.widget").bounding_box()["height"] == 5000
        assert frame.evaluate("act('widgetResize', {height: -1})") is False

        current.current().shop.order_by_number(18).fulfillments[0].tracking_number = "NEW-NUMBER"
        assert frame.evaluate("act('refreshEntity')") is True
        assert "NEW-NUMBER" in page.locator("main").inner_text()

        wish = "act('openPopup', {extensionIdentifier: 'start-return', appParams: btoa('{}')})"
        assert frame.evaluate(wish) is True
        source = page.locator("iframe.popup").get_attribute("src") or ""
        assert "appParams=e30%3D" in source
        assert "orderId" not in source
        popup = page.locator("iframe.popup").element_handle().content_frame()
        popup.wait_for_function("window.heard && heard.some((e) => e.type === 'response')")
        popup.evaluate("void setTimeout(() => act('popupClose'), 100)")
        page.locator("dialog.popup:not([open])").wait_for(state="attached")

    visit(steps)


def test_the_menu_opens_a_popup_that_knows_its_order(dashboard: str, visit: Visit) -> None:
    def steps(page: Page) -> None:
        page.goto(order_page(dashboard))
        page.click(".menu summary")
        page.click(".menu button")
        source = page.locator("iframe.popup").get_attribute("src") or ""
        assert re.search(r"/popup/return\?.*&orderId=", source)

    visit(steps)
