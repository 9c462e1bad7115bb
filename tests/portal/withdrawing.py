"""Declaring in front of the portal, and reading what it answers."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from saleor_aftercare.core.models import Shop
from tests.make import make_eu_policy, make_shop
from tests.portal.conftest import Browser, text_of

ADA = {"name": "Ada Example", "contract": "1042", "email": "ada@customer.test", "scope": "whole", "goods": ""}


@pytest.fixture
def shop() -> Shop:
    shop = make_shop(settings={"time_zone": "Europe/Berlin"})
    make_eu_policy(shop)
    return shop


def seen(response: Any) -> str:
    """The words of the page as its reader sees them."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response))))


def field(response: Any) -> str:
    """What the hidden field of the confirmation holds."""
    return html.unescape(re.search(r'name="d" value="([^"]+)"', text_of(response))[1])


def state(browser: Browser, *, query: str = "", **values: Any) -> Any:
    """The first step."""
    return browser.post(f"withdraw/{query}", ADA | values)


def confirm(browser: Browser, page: Any, *, query: str = "") -> Any:
    """The second step."""
    return browser.post(f"withdraw/confirm/{query}", {"d": field(page)})


def declare(browser: Browser, **values: Any) -> Any:
    """Both steps, and the page that follows them."""
    response = confirm(browser, state(browser, **values))
    return browser.client.get(response["Location"])
