"""The whole house with a practice shop beside it: Aftercare's real doors, and a Saleor that answers.

Deliveries, registration and GraphQL go through the WSGI application; jobs run when a test says ``settle()``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from saleor_aftercare.connection import client, webhooks
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.core import jobs
from saleor_aftercare.core.models import Job, JobState, Shop
from saleor_aftercare.sandbox import (
    Installer,
    PracticeShop,
    PracticeTransport,
    Webhooks,
    fulfill,
    pay_by_card,
    place_order,
)
from saleor_aftercare.service.wsgi import application

RETURN_ADDRESS = {
    "name": "",
    "company": "Kaze & Kettle",
    "street1": "Jingumae 1-2-3",
    "street2": "",
    "city": "Shibuya-ku",
    "city_area": "",
    "postal_code": "150-0001",
    "country_area": "Tokyo",
    "country": "JP",
    "phone": "+81312345678",
}


@dataclass
class House:
    """An installed shop, its Saleor and its deliveries."""

    saleor: PracticeShop
    hooks: Webhooks
    installer: Installer
    #: Kind and error of jobs that a test lets crash.
    expected_crashes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shop(self) -> Shop:
        """Our tenant, read anew."""
        return Shop.objects.get(saleor_api_url=self.saleor.api_url)

    def settle(self) -> None:
        """Deliver every webhook and run every job that is due, until nothing is left to do."""
        for _round in range(20):
            self.hooks.pump()
            if not jobs.run_due():
                crashed = Job.objects.filter(error__startswith="crashed").values_list("kind", "error")
                assert list(crashed) == self.expected_crashes
                return
        raise AssertionError("The house does not come to rest")

    def order(self, placed: Any) -> Order:
        """Our copy of an order of the practice shop."""
        return Order.objects.get(shop=self.shop, saleor_id=placed.id)

    def sell(self, lines: list[tuple[str, int]], *, email: str = "", **kwargs: Any) -> Any:
        """Place, pay by card and ship an order; returns the practice shop's order, known to Aftercare."""
        user = self.saleor.user(email=email) if email else next(u for u in self.saleor.state.users if not u.is_staff)
        placed = place_order(self.saleor, user=user, lines=lines, **kwargs)
        pay_by_card(self.saleor, placed)
        fulfill(self.saleor, placed)
        self.settle()
        return placed

    def failed_jobs(self) -> list[tuple[str, str]]:
        """Kind and error of every job that gave up."""
        return list(Job.objects.filter(state=JobState.FAILED).values_list("kind", "error"))


@contextmanager
def _one_connection() -> Iterator[None]:
    """Let requests share the test's database connection and transaction, as Django's own test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


@contextmanager
def build_house(saleor: PracticeShop) -> Iterator[House]:
    """Install Aftercare into ``saleor`` and keep both talking while the context lasts."""
    outside = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="https://aftercare.test")
    webhooks.forget_shops()
    with _one_connection(), client.using_transport(PracticeTransport(saleor)):
        house = House(saleor, Webhooks(saleor, outside), Installer(saleor, outside))
        house.installer.install("https://aftercare.test/saleor/manifest.json")
        ShopSettings.objects.filter(shop=house.shop).update(return_address=RETURN_ADDRESS)
        yield house
    webhooks.forget_shops()
