"""The customer's pages in a real Chromium: on a phone, by keyboard, without script, and for people who cannot see."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from saleor_aftercare.channels.models import ChannelKind
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import clock, jobs, tokens
from saleor_aftercare.followups.models import FollowUpState
from saleor_aftercare.inbox.models import CaseKind, MessageKind
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.surveys import actions as surveys
from saleor_aftercare.surveys.queries import answer_token
from tests.make import (
    DAY,
    Line,
    make_followup,
    make_message,
    make_order,
    make_refund,
    make_repair,
    make_return,
    make_session,
    make_shop,
    make_spare_part,
    make_ticket,
)
from tests.make.doors import make_channel
from tests.portal.conftest import Shelf, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of a running service that believes it is reached there."""
    settings.PUBLIC_URL = live_server.url
    settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = False
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture(autouse=True)
def _shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice shop does not run here: what may be had in exchange is on a shelf of the test's."""
    cache.clear()
    monkeypatch.setattr("saleor_aftercare.portal.return_form.offers.options_for_lines", Shelf().options_for_lines)


@pytest.fixture
def order(site: str) -> Order:
    """Two things that may come back, and one that may not, delivered two days ago."""
    now = clock.now()
    return make_order(
        make_shop(name="Komorebi Coffee", saleor_api_url=f"{site}/graphql/"),
        lines=[
            Line(quantity=2),
            Line(product_name="Paper filters", variant_name="100", sku="F"),
            Line(product_name="Gift card", is_gift_card=True),
        ],
        delivered=now - 2 * DAY,
        placed_at=now - 6 * DAY,
    )


class Visitor:
    """Somebody with a browser, who notices what goes wrong in it."""

    def __init__(self, context: BrowserContext, order: Order, site: str) -> None:
        self.page: Page = context.new_page()
        self.portal = f"{site}/portal/{order.shop.handle}/"
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            self.trouble.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.portal + path)

    def tab_to(self, selector: str) -> None:
        """Move the focus by Tab alone, and be sure that it can be seen where it arrives."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and focused.evaluate("(e, s) => e.matches(s)", selector):
                assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
                return
        raise AssertionError(f"Tab never came to {selector} on {self.page.url}")

    def type_into(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.insert_text(text)

    def press(self, selector: str) -> None:
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def look(self) -> None:
        """This page is accessible, fits the screen, and nothing in it went wrong."""
        found = Axe().run(
            self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, found.generate_report()
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], self.page.url
        small = self.page.evaluate(
            "[...document.querySelectorAll('a.button, button, input:not([type=hidden]), select')]"
            ".filter(e => e.tabIndex >= 0 && e.getClientRects().length)"
            ".filter(e => e.getBoundingClientRect().height < 24 && e.type !== 'radio').map(e => e.outerHTML)"
        )
        assert small == []
        assert self.trouble == []


def context_for(chromium: Browser, site: str, **options: Any) -> BrowserContext:
    context = chromium.new_context(**({"viewport": PHONE, "locale": "en"} | options))
    context.set_default_timeout(10_000)
    return context


def signed_in(context: BrowserContext, order: Order, site: str) -> Visitor:
    now = clock.now()
    make_session(order, token="acs_browser", created_at=now, expires_at=now + timedelta(minutes=30))
    context.add_cookies([{"name": "aftercare_session", "value": "acs_browser", "url": f"{site}/portal/"}])
    return Visitor(context, order, site)


def code_from_the_mail() -> str:
    """What stands in the letter that the worker wrote."""
    jobs.run_due()
    letter = OutboundMessage.objects.get(kind="access/guest_code")
    return str(re.search(r"\b\d{6}\b", letter.words().text)[0])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_guest_returns_something_on_a_phone_by_keyboard_alone(chromium, site, order, language):
    visitor = Visitor(context_for(chromium, site, locale=language), order, site)
    page = visitor.page

    visitor.go("")
    assert page.locator("html").get_attribute("lang") == language
    visitor.look()
    visitor.press("form.card .button")  # nothing filled in: the summary has the focus, and leads to the field
    assert page.locator(":focus").get_attribute("id") == "problems"
    visitor.look()
    visitor.tab_to("#problems a")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(order.number)
    visitor.type_into("[name=email]", order.email)
    visitor.press("form.card .button")

    visitor.look()
    visitor.type_into("[name=code]", code_from_the_mail())
    visitor.press("form.card .button")

    assert page.url.partition("#")[0] == f"{visitor.portal}orders/{order.number}/"
    visitor.look()
    visitor.press("a[href$='/return/']")

    visitor.look()
    visitor.tab_to(".quantity button:last-child")
    page.keyboard.press("Enter")
    visitor.press(".buttons .button--primary")

    visitor.tab_to("select")
    page.keyboard.press("ArrowDown")
    assert page.locator("[data-for=defective]").is_visible()
    visitor.type_into("[name$='-note']", "The handle <b>broke</b>.")
    upload = photo()
    page.set_input_files("input[multiple]", {"name": "crack.jpg", "mimeType": "image/jpeg", "buffer": upload.read()})
    assert page.locator(".files img").get_attribute("src").startswith("blob:")
    visitor.look()
    visitor.press(".buttons .button--primary")

    visitor.look()
    visitor.tab_to("[name$='-resolution']:checked")
    with page.expect_response(lambda answer: answer.url.endswith("/resolution/")) as sums:
        page.keyboard.press("ArrowDown")
    assert sums.value.ok
    page.wait_for_selector("#sum:not([aria-busy])")
    visitor.look()
    visitor.press(".buttons .button--primary")

    visitor.look()
    assert "The handle <b>broke</b>." in page.inner_text("main")
    visitor.press(".buttons .button--primary")

    ret = Return.objects.get()
    assert page.url.partition("#")[0] == f"{visitor.portal}returns/{ret.number}/"
    assert (ret.state, ret.lines.get().photos.count()) == (ReturnState.REQUESTED, 1)
    visitor.look()
    assert ret.number in page.inner_text("h1")


def test_everything_works_without_script(chromium, site, order):
    context = context_for(chromium, site, java_script_enabled=False)
    visitor = signed_in(context, order, site)
    page = visitor.page

    visitor.go(f"orders/{order.number}/return/")
    page.fill(".quantity input >> nth=0", "2")
    page.click(".buttons .button--primary")
    page.set_input_files("input[multiple]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    page.click(".buttons .button--primary")
    assert page.locator(".error").count() == 2
    page.select_option("[data-reason]", "defective")
    page.set_input_files("input[multiple]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo().read()})
    page.click(".buttons .button--primary")
    assert page.locator("[data-for=defective]").is_visible()  # its questions come with the next page
    page.click(".buttons .button--primary")
    page.go_back()
    assert page.locator("[data-reason]").input_value() == "defective"
    page.click(".buttons .button--primary")
    page.check("input[value=refund]")
    page.click("button[name=update]")
    assert "€59.80" in page.inner_text("#sum")
    page.click(".buttons .button--primary")
    page.click(".buttons .button--primary")

    line = Return.objects.get().lines.get()
    assert (line.quantity, line.photos.count()) == (2, 1)
    assert Return.objects.get().number in page.inner_text("h1")


def test_a_large_photo_is_made_smaller_before_it_travels(chromium, site, order):
    visitor = signed_in(context_for(chromium, site), order, site)
    page = visitor.page
    visitor.go(f"orders/{order.number}/repair/")
    large = page.evaluate(
        """async () => {
            const canvas = document.createElement("canvas");
            canvas.width = 4000; canvas.height = 3000;
            const context = canvas.getContext("2d");
            const noise = context.createImageData(400, 300);
            for (let i = 0; i < noise.data.length; i++) noise.data[i] = Math.random() * 256;
            for (let x = 0; x < 10; x++) for (let y = 0; y < 10; y++) context.putImageData(noise, x * 400, y * 300);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
            const sent = new DataTransfer();
            sent.items.add(new File([blob], "large.png", { type: "image/jpeg" }));
            const input = document.querySelector("input[type=file]");
            input.files = sent.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
            return blob.size;
        }"""
    )
    page.wait_for_selector(".files img")

    name, size = page.evaluate(
        "(() => { const f = document.querySelector('input[type=file]').files[0]; return [f.name, f.size] })()"
    )

    assert name == "large.jpg"
    assert size < large / 2


def test_a_button_pressed_twice_sends_once(chromium, site, order):
    visitor = signed_in(context_for(chromium, site), order, site)
    visitor.go(f"orders/{order.number}/repair/")
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)

    visitor.page.select_option("[name=product]", index=1)
    visitor.page.fill("[name=description]", "It squeaks.")
    visitor.page.dblclick(".buttons .button--primary")
    visitor.page.wait_for_url("**/repairs/**")

    assert sent == ["POST"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("viewport", "language"), [(PHONE, "ja"), (DESK, "en")])
def test_every_page_is_accessible(chromium, site, order, scheme, viewport, language):
    now = clock.now()
    context = context_for(chromium, site, viewport=viewport, locale=language, color_scheme=scheme)
    visitor = signed_in(context, order, site)
    approved = make_return(order, state=ReturnState.APPROVED, label=True, requested_at=now, state_since=now)
    declined = make_return(order, state=ReturnState.DECLINED, requested_at=now, state_since=now)
    received = make_return(order, state=ReturnState.RECEIVED, requested_at=now, state_since=now)
    make_refund(received)
    repair = make_repair(order, state=RepairState.ACCEPTED, requested_at=now)
    part = make_spare_part(order, requested_at=now)
    ticket = make_ticket(order, messages=("Where is it?",), about=(CaseKind.RETURN, approved.pk))
    make_message(ticket, kind=MessageKind.STAFF, body="# Title\n\n- On **its** way\n\n> quoted")
    followup = make_followup(order.fulfillments.get(), state=FollowUpState.SENT)
    number = order.number

    for path in (
        "?other=1",
        f"orders/{number}/",
        f"orders/{number}/message/",
        f"orders/{number}/repair/",
        f"orders/{number}/part/",
        f"orders/{number}/return/",
        f"orders/{number}/gift/",
        "gift/",
        f"returns/{approved.number}/",
        f"returns/{approved.number}/photos/",
        f"returns/{approved.number}/sent/",
        f"returns/{declined.number}/",
        f"returns/{received.number}/",
        f"returns/{approved.number}/message/",
        f"repairs/{repair.number}/",
        f"parts/{part.number}/",
        f"arrival/{tokens.sign('followup', followup.pk)}/?answer=something_wrong",
        f"arrival/{tokens.sign('followup', followup.pk)}/?answer=all_well",
    ):
        visitor.go(path)
        visitor.look()


def test_the_language_can_be_switched_and_stays(chromium, site, order):
    visitor = signed_in(context_for(chromium, site), order, site)
    visitor.go(f"orders/{order.number}/")

    visitor.page.click(".languages [value=ja]")

    assert visitor.page.url == f"{visitor.portal}orders/{order.number}/"
    assert visitor.page.locator("html").get_attribute("lang") == "ja"
    visitor.go(f"orders/{order.number}/repair/")
    assert visitor.page.locator("html").get_attribute("lang") == "ja"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_form_chat_and_survey_are_accessible_on_a_phone_and_at_a_desk(chromium, site, order, language, theme):
    make_channel(order.shop, ChannelKind.FORM, incoming="")
    make_channel(order.shop, ChannelKind.CHAT)
    about = surveys.Asked(
        about="ticket", about_id=1, number=1001, title="Grinder", email=order.email, name="Ada", language=language
    )
    survey = surveys.ask(order.shop, about, at=clock.now())
    assert survey is not None
    visitor = Visitor(context_for(chromium, site, locale=language, color_scheme=theme), order, site)

    for path in ("contact/", "chat/", f"survey/{answer_token(survey)}/?score=4"):
        visitor.go(path)
        for size in (PHONE, DESK):
            visitor.page.set_viewport_size(size)
            visitor.look()
