"""A customer in front of the portal, at a noon that stands still."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import Shop
from tests.make import NOON, make_session, serial


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@dataclass
class Browser:
    """A client and the portal of one shop."""

    client: Client
    shop: Shop

    def url(self, path: str = "") -> str:
        return f"/portal/{self.shop.handle}/{path}"

    def get(self, path: str = "", **query: str) -> Any:
        return self.client.get(self.url(path), query)

    def post(self, path: str = "", data: dict[str, Any] | None = None) -> Any:
        return self.client.post(self.url(path), data or {})


def browse(shop: Shop, *, token: str = "") -> Browser:
    """Somebody at the shop's portal; with a token, somebody with that session."""
    client = Client()
    if token:
        client.cookies["aftercare_session"] = token
    return Browser(client, shop)


def sign_in(order: Order, *, guest: bool = True, **session: Any) -> Browser:
    """The order's guest, or its signed-in customer."""
    token = f"acs_{serial()}"
    return browse(make_session(order, token=token, guest=guest, **session).shop, token=token)


def photo(name: str = "crack.jpg", *, size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    """A picture as a browser sends it."""
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def text_of(response: Any) -> str:
    """The page as one string."""
    return str(response.content.decode())
