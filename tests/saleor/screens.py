"""Saleor's own Dashboard in a real browser, and our pages inside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect, sync_playwright

from .driver import Saleor

# The Dashboard mounts widgets when it has asked for its extensions: seconds, or half a minute on a busy machine.
SECONDS = 90
expect.set_options(timeout=SECONDS * 1000)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
#: A message that nobody translated shows its name: two words or more with dots between, and no blank.
UNTRANSLATED = re.compile(r"^[a-z]+(\.[A-Za-z_]+)+$", re.MULTILINE)
#: What sticks out of the frame to the right, except inside something that scrolls by itself.
STICKS_OUT = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
#: The page within the page may scroll; both at once is what nobody can use.
SCROLLS_TWICE = "() => document.scrollingElement.scrollHeight > document.scrollingElement.clientHeight"


@dataclass
class Screen:
    """A Dashboard with somebody signed in, and what went wrong in our frames meanwhile."""

    page: Page
    app_id: str
    origin: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("console", self._complain)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, message: Any) -> None:
        if message.type == "error" and self.origin in str(message.location):
            self.complaints.append(f"{message.text} ({message.location})")

    def open(self, path: str) -> FrameLocator:
        """One of our pages, inside the Dashboard."""
        self.page.goto(f"/extensions/app/{self.app_id.replace('=', '%3D')}{path}")
        return self.frame(path.partition("?")[0])

    def frame(self, path: str = "") -> FrameLocator:
        """Our iframe, once the Dashboard has mounted it; other apps of that Saleor may have some too."""
        return self.page.frame_locator(f"iframe[src^='{self.origin}{path}']")

    def dress(self, *, theme: str = "light", locale: str = "en") -> None:
        """What the person has chosen in the Dashboard."""
        chosen = {"activeMacawUITheme": f"default{theme.capitalize()}", "locale": f'"{locale}"'}
        for key, value in chosen.items():
            self.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])

    def size(self, size: dict[str, int]) -> None:
        """Another window."""
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def shot(self, name: str) -> None:
        """Keep a picture where the environment says, for people to look at."""
        if folder := os.environ.get("E2E_PICTURES"):
            self.page.wait_for_timeout(600)  # what slides in has arrived
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def faults(self, frame: FrameLocator) -> list[str]:
        """What is wrong with the page that our frame shows now."""
        body = frame.locator("body")
        found = [f"untranslated: {name}" for name in UNTRANSLATED.findall(body.inner_text())]
        if wide := body.evaluate(STICKS_OUT):
            found.append(f"{wide} px stick out to the right")
        if body.evaluate(SCROLLS_TWICE):
            found.append("the frame scrolls as well as its page")
        found += self.complaints
        self.complaints.clear()
        return found


@contextmanager
def dashboard(saleor: Saleor, url: str) -> Iterator[Page]:
    """The Dashboard at ``url`` with somebody signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            page = browser.new_context(viewport=DESKTOP, base_url=url).new_page()  # type: ignore[arg-type]
            page.set_default_timeout(SECONDS * 1000)
            page.goto("/")
            page.locator("input[name=email]").fill(saleor.email)
            page.locator("input[name=password]").fill(saleor.password)
            page.locator("button[type=submit]").click()
            page.wait_for_url(lambda url: "login" not in url)
            # Saleor's own hint about something new lies over the pages that follow, until somebody closes it.
            page.evaluate(
                "localStorage.setItem('dashboard-ripples', JSON.stringify({'saleor-pulse':"
                " {firstSeenAt: Date.now(), manuallyHidden: true}}))"
            )
            yield page
        finally:
            browser.close()
