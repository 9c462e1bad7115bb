"""A shop with one order, and codes that are quick to check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from saleor_aftercare.access import actions
from saleor_aftercare.mail.models import OutboundMessage
from tests.connection.conftest import house, saleor
from tests.house import House

__all__ = ["house", "saleor"]


@pytest.fixture(autouse=True)
def _quick_codes(settings: Any) -> Iterator[None]:
    """Codes are hashed slowly on purpose; tests have no time for that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    actions._no_code.cache_clear()
    yield
    actions._no_code.cache_clear()


@pytest.fixture
def placed(house: House) -> Any:
    """An order that was sold and sent; its customer is Hanako."""
    return house.sell([("KETTLE-KAZE-BLK", 2)], email="hanako.yamada@example.com")


def mailed_code() -> str:
    """The code in the last letter."""
    found = re.search(r"\b\d{6}\b", OutboundMessage.objects.latest("pk").words().text)
    assert found
    return found[0]
