"""The demo as a person meets it: the main job in a browser, from the customer's phone to the Dashboard and back."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.screenshots import (
    DESKTOP,
    PHONE,
    ask_for_a_return,
    demo,
    inbox,
    sign_in,
    wait_for_label,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aftercare-demo-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def shop(folder: Path) -> Iterator[str]:
    """The practice shop of a running demo."""
    with demo(folder) as address:
        yield address


def complaints(page: Page) -> list[str]:
    """What the browser's console complains about from now on."""
    found: list[str] = []
    page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_a_return_from_the_customers_phone_to_the_label_in_the_mailbox(shop: str, folder: Path, chromium: Browser):
    customer = sign_in(chromium.new_context(**PHONE), shop, "Jade")
    ask_for_a_return(customer, japanese=False, pictures=False)

    staff = sign_in(chromium.new_context(**DESKTOP), shop, "Emma")
    noise = complaints(staff)
    frame = inbox(staff)
    ticket = frame.locator("[role=option]", has_text="Jade").first
    ticket.wait_for(timeout=30_000)
    ticket.click()
    frame.get_by_role("button", name=re.compile("Approve")).first.click()
    received = frame.get_by_role("button", name=re.compile("received", re.IGNORECASE)).first
    received.wait_for(timeout=30_000)

    assert wait_for_label(folder / "mail", "jade.guerrero").startswith(b"%PDF")
    assert noise == []


def test_the_front_door_of_the_service_leads_to_the_practice_shop(shop: str, chromium: Browser):
    port = int(shop.rpartition(":")[2]) - 1
    page = chromium.new_page()

    page.goto(f"http://127.0.0.1:{port}/")

    assert page.url == f"{shop}/"
    expect(page.locator("body")).to_contain_text(re.compile("practice", re.IGNORECASE))
