"""A customer's pages in a shop with 100,000 returns, beside the same pages in a shop with 100.

Every order of the big shop has a return of its own. The pages are asked through the whole of Django, with the cookie
of a signed-in guest: the order, the first step of a return, and the status of a return.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench._report import Result, report
from saleor_aftercare.access.models import CustomerSession
from saleor_aftercare.connection.models import Fulfillment, FulfillmentLine, Order, OrderLine, ShopSettings
from saleor_aftercare.core import tokens
from saleor_aftercare.core.models import Shop
from saleor_aftercare.policies.queries import policy_of
from saleor_aftercare.portal.visit import SESSION_COOKIE
from saleor_aftercare.returns.models import Return, ReturnLine
from saleor_aftercare.service.embedded import Postgres
from tests import settings as test_settings
from tests.make import HOME, WAREHOUSE, make_shop

SMALL, BIG = 100, 100_000
ROUNDS = 60
BATCH = 5_000
MOST_QUERIES = 12
P95_MS = 40


def fill(shop: Shop, count: int) -> None:
    """``count`` orders, delivered yesterday, each with two units bought and a return of one."""
    at = datetime.now(UTC)
    policy = policy_of(shop)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        orders = Order.objects.bulk_create([_order(shop, n, at) for n in numbers])
        lines = OrderLine.objects.bulk_create([_line(order) for order in orders])
        parcels = Fulfillment.objects.bulk_create([_parcel(order, at) for order in orders])
        FulfillmentLine.objects.bulk_create(
            [
                FulfillmentLine(
                    fulfillment=parcel, order_line=line, saleor_id=f"f{line.pk}", quantity=2, dispatched_quantity=2
                )
                for parcel, line in zip(parcels, lines, strict=True)
            ]
        )
        returns = Return.objects.bulk_create(
            [
                Return(
                    shop=shop,
                    number=f"RMA-{n}",
                    order=order,
                    policy=policy,
                    state_since=at,
                    verdict="ask_staff",
                    requested_at=at,
                )
                for n, order in zip(numbers, orders, strict=True)
            ]
        )
        ReturnLine.objects.bulk_create(
            [
                ReturnLine(ret=ret, order_line=line, quantity=1, reason="too_small")
                for ret, line in zip(returns, lines, strict=True)
            ]
        )


def _order(shop: Shop, n: int, at: datetime) -> Order:
    return Order(
        shop=shop,
        saleor_id=f"T3JkZXI6{shop.pk}-{n}",
        number=str(n),
        status="FULFILLED",
        email=f"c{n}@customer.test",
        customer_name=f"Customer {n}",
        language="en",
        channel="default-channel",
        currency="EUR",
        total=Decimal("64.80"),
        shipping=Decimal("5.00"),
        shipping_address=HOME.to_json(),
        billing_address=HOME.to_json(),
        placed_at=at - timedelta(days=4),
        updated_at=at,
        issued_at=at,
    )


def _line(order: Order) -> OrderLine:
    return OrderLine(
        order=order,
        saleor_id=f"l{order.pk}",
        position=0,
        product_name="Hand grinder",
        variant_name="Black",
        sku="GRINDER-1",
        quantity=2,
        total=Decimal("59.80"),
    )


def _parcel(order: Order, at: datetime) -> Fulfillment:
    return Fulfillment(
        shop=order.shop,
        order=order,
        saleor_id=f"p{order.pk}",
        number=1,
        status="FULFILLED",
        shipped_at=at - timedelta(days=3),
        dispatched=True,
        delivered_at=at - timedelta(days=1),
        delivered_source="carrier",
        delivered_confidence=95,
    )


class Guest:
    """Somebody signed in for one order in the middle of a shop."""

    def __init__(self, shop: Shop, count: int) -> None:
        order = Order.objects.get(shop=shop, number=str(count // 2))
        token, now = tokens.random_token("acg_"), datetime.now(UTC)
        CustomerSession.objects.create(
            shop=shop,
            token_digest=tokens.digest(token),
            order=order,
            email=order.email,
            language="en",
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
        self.client = Client(SERVER_NAME=urlsplit(settings.PUBLIC_URL).hostname)
        self.client.cookies[SESSION_COOKIE] = token
        self.pages = {
            "order": f"/portal/{shop.handle}/orders/{order.number}/",
            "return, first step": f"/portal/{shop.handle}/orders/{order.number}/return/",
            "return, status": f"/portal/{shop.handle}/returns/RMA-{order.number}/",
        }

    def ask(self, page: str) -> float:
        """Seconds for one page."""
        started = time.perf_counter()
        response = self.client.get(self.pages[page], secure=True)
        took = time.perf_counter() - started
        assert response.status_code == 200, (page, response.status_code)
        return took

    def queries(self, page: str) -> int:
        """Statements of one page."""
        with CaptureQueriesContext(connection) as seen:
            self.ask(page)
        return len(seen)


def measure() -> Sequence[Result]:
    """Fill two shops and ask for every page in both, turn by turn."""
    guests = []
    for count in (SMALL, BIG):
        shop = make_shop()
        ShopSettings.objects.filter(shop=shop).update(return_address=WAREHOUSE.to_json())
        fill(shop, count)
        guests.append(Guest(shop, count))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return report([_compare(page, *guests) for page in guests[0].pages])


def _compare(page: str, small: Guest, big: Guest) -> Result:
    times: dict[str, list[float]] = {"small": [], "big": []}
    for turn in range(ROUNDS + 5):
        for name, guest in (("small", small), ("big", big)):
            took = guest.ask(page)
            if turn >= 5:
                times[name].append(took * 1000)
    p95 = statistics.quantiles(times["big"], n=20)[-1]
    queries = big.queries(page)
    return Result(
        name=f"portal: {page}, {BIG:,} returns",
        figure=statistics.median(times["big"]),
        floor=statistics.median(times["small"]),
        unit="ms",
        target=1.3,
        floor_name=f"{SMALL} returns",
        note=f"{queries} queries (at most {MOST_QUERIES}); p95 {p95:.1f} ms (at most {P95_MS} ms)",
    )


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    try:
        server.create_database()
        call_command("migrate", verbosity=0)
        return measure()
    finally:
        connection.close()
        server.stop()


if __name__ == "__main__":
    run()
