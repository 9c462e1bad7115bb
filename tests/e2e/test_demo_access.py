"""The pages of the inbox and its settings in the demo's Dashboard frame, for people who cannot see well."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page

from scripts.screenshots import DESKTOP, inbox, sign_in

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = {"serious", "critical"}


PAGES = (
    "/inbox",
    "/inbox/calls",
    "/inbox/mails",
    "/notices",
    "/settings",
    "/settings/channels",
    "/settings/channels/new/email",
    "/settings/channels/new/line",
    "/settings/channels/new/chat",
    "/settings/service-levels",
    "/settings/service-levels/policies/new",
    "/settings/service-levels/calendars/new",
    "/settings/satisfaction",
    "/settings/contacts",
    "/settings/replies",
    "/settings/replies/new",
    "/settings/macros",
    "/settings/macros/new",
    "/settings/writing",
    "/settings/team",
    "/settings/rules",
    "/settings/rules/new",
    "/settings/notices",
    "/settings/marks",
)
#: The page shows this theme in this language, and waits for nothing any more.
SETTLED = """([theme, language]) => {
    const root = document.documentElement;
    return root.dataset.theme === theme && root.lang === language && document.body.innerText.length > 10
        && document.querySelector("[role=status][aria-label], [aria-busy=true]") === null;
}"""


class Look(NamedTuple):
    """How the Dashboard shows us."""

    theme: str
    language: str
    width: int


#: Any two of theme, language and width meet somewhere.
LOOKS = (Look("light", "en", 1440), Look("dark", "en", 390), Look("dark", "ja", 1440), Look("light", "ja", 390))


def framed(page: Page) -> Frame:
    """Our frame in the page that was just opened."""
    frame = page.locator("iframe[data-kind=page]").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("document.documentElement.dataset.theme !== undefined")
    return frame


def ticket_of(frame: Frame, customer: str) -> str:
    """Where somebody's conversation is."""
    frame.locator("[role=option]", has_text=customer).first.click()
    frame.wait_for_function("location.pathname.startsWith('/inbox/tickets/')")
    return str(frame.evaluate("location.pathname"))


def tell(page: Page, look: Look) -> None:
    """What the Dashboard tells a frame when somebody switches theme or language; nothing is loaded anew."""
    page.set_viewport_size({"width": look.width, "height": 900})
    page.evaluate(
        """([theme, locale]) => {
            const frame = document.querySelector("iframe[data-kind=page]");
            const post = (type, payload) => frame.contentWindow.postMessage({ type, payload }, frame.dataset.origin);
            post("theme", { theme });
            post("localeChanged", { locale });
        }""",
        [look.theme, look.language],
    )


def complaints(frame: Frame, where: str, part: str | None = None) -> list[str]:
    """What axe finds grave on the page as it stands, or on a part of it, and whether it is wider than its frame."""
    found: Any = Axe().run(frame, part, {"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.response["passes"], "axe had nothing to look at"
    wide = frame.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{where}: {wide} px wider than the frame"] * (wide > 0) + [
        f"{where}: {one['id']} ({one['impact']}) {node['target'][0]} {node['html'][:160]} — {node['failureSummary']}"
        for one in found.response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def test_no_page_has_a_grave_fault_of_accessibility_in_any_theme_language_or_width(chromium: Browser, staffed: str):
    page = sign_in(chromium.new_context(**DESKTOP), staffed, "Emma")
    ticket = ticket_of(inbox(page), "Jade")
    base = re.match(r".*/extensions/app/[^/]+", page.url)
    assert base is not None
    found: list[str] = []
    for path in (ticket, *PAGES):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{base[0]}{path}")
        frame = framed(page)
        for look in LOOKS:
            tell(page, look)
            frame.wait_for_function(SETTLED, arg=[look.theme, look.language])
            found += complaints(frame, f"{path} {look.theme} {look.language} {look.width}")

    assert found == [], "\n".join(found)
