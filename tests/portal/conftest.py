"""A customer in front of the portal, at a noon that stands still."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.replacements.queries import ExchangeOption
from tests.make import NOON, make_session, serial


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


class Shelf:
    """What the shop has, in place of Saleor's answer: the same again, and what a test puts beside it."""

    def __init__(self) -> None:
        self.silent = False  #: Saleor does not answer
        self.asked = 0
        self.available: int | None = None  #: of the same again
        self.others: list[ExchangeOption] = []

    def put(self, variant_id: str, name: str, *, due: str = "0", rest: str = "0", available: int | None = None) -> None:
        """Another variant."""
        self.others.append(self.option(variant_id, name, due=due, rest=rest, available=available))

    def option(
        self, variant_id: str, name: str, *, due: str = "0", rest: str = "0", available: int | None, same: bool = False
    ) -> ExchangeOption:
        money = [Money(Decimal(amount), "EUR").rounded() for amount in ("29.90", due, rest)]
        return ExchangeOption(variant_id, "P", name, "", *money, available, same, True)

    def options_for_lines(self, lines: Sequence[OrderLine]) -> dict[int, list[ExchangeOption]]:
        self.asked += 1
        if self.silent:
            raise ProviderUnavailable("Saleor does not answer.")
        return {
            line.pk: [
                self.option(line.variant_id, line.product_name, available=self.available, same=True),
                *self.others,
            ]
            for line in lines
        }


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    cache.clear()
    shelf = Shelf()
    monkeypatch.setattr("saleor_aftercare.portal.return_form.offers.options_for_lines", shelf.options_for_lines)
    return shelf


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
