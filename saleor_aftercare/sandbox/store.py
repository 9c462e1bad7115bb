"""The practice shop's memory: lookups, ids, persistence, and the announcement of what happened.

Verbs live in ordering.py, fulfilling.py and paying.py as functions that take the shop first. Each runs inside
:meth:`PracticeShop.changing`, which holds the lock, writes the file once at the end, and then hands the announced
events to the webhooks.
"""

from __future__ import annotations

import base64
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from saleor_aftercare.core import clock

from . import codec
from .faults import Faults
from .records import (
    ZERO,
    App,
    Channel,
    Fulfillment,
    Order,
    Product,
    ShopState,
    Transaction,
    User,
    Variant,
    Warehouse,
)
from .tokens import KeyPair, shared_keys

#: Keys of these types are UUIDs in Saleor, the others count from one.
UUID_TYPES = frozenset({"Order", "OrderLine", "TransactionItem", "Warehouse", "OrderDiscount"})
_NAMESPACE = uuid.UUID("6d0c7a0e-6a52-4b0e-9a2e-0a1b5c3d7e90")


class ShopError(Exception):
    """Saleor would answer this with an ``errors`` entry: field, message, code and extra keys."""

    def __init__(self, code: str, message: str, field: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.entry: dict[str, Any] = {"code": code, "message": message, "field": field, **extra}


@dataclass(frozen=True)
class Happening:
    """Something that webhooks may hear about: Saleor's event name and its subject."""

    event: str
    subject: Any
    at: datetime
    principal: str | None = None  #: id of the app or user who caused it
    extra: dict[str, Any] = field(default_factory=dict)


def to_global_id(kind: str, key: object) -> str:
    """Saleor's id for ``kind`` and ``key``."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode("ascii")


def from_global_id(value: str) -> tuple[str, str]:
    """The parts of a global id; raises ValueError for anything else."""
    kind, _, key = base64.b64decode(value, validate=True).decode().partition(":")
    return kind, key


class PracticeShop:
    """A shop in memory that behaves like Saleor towards an app.

    ``api_url`` is what the shop calls itself (``iss`` of tokens, ``Saleor-Api-Url`` of deliveries); ``version`` the
    Saleor it acts as. With ``path`` it reads and keeps its memory there; without, it is forgotten. ``now`` is the
    clock for dates in data; tokens use real time. Shops in memory share one signing key unless ``keys`` are given.
    """

    def __init__(
        self,
        *,
        api_url: str = "https://shop.test/graphql/",
        version: str = "3.23.28",
        path: Path | None = None,
        now: Callable[[], datetime] = clock.now,
        keys: KeyPair | None = None,
    ) -> None:
        self.api_url = api_url
        self.version = version
        self.now = now
        self.path = path
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Happening], None]] = []
        self.faults = Faults()
        #: Chance for the webhooks' disorder; seeded, so that a test sees the same one every time.
        self.random = random.Random(20261122)  # noqa: S311 - not for secrets
        self._depth = 0
        self._announced: list[Happening] = []
        self.state = self._read()
        if keys is None:
            keys = KeyPair.load_or_create(path.with_name("practice-shop-key.pem")) if path else shared_keys()
        self.keys = keys

    # --- memory -----------------------------------------------------------------------------------------------

    def _read(self) -> ShopState:
        if self.path is None or not self.path.exists():
            return ShopState()
        import json

        return codec.load(ShopState, json.loads(self.path.read_text(encoding="utf-8")))

    @property
    def is_empty(self) -> bool:
        """Nothing has been put in yet."""
        return not self.state.channels

    @contextmanager
    def changing(self) -> Iterator[datetime]:
        """Hold the lock for one change; yields the moment it happens at. Nests."""
        with self.lock:
            self._depth += 1
            try:
                yield self.now()
                if self._depth == 1:
                    self._settle()
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._announced = []

    def _settle(self) -> None:
        if self.path is not None:
            codec.write_json(self.path, self.state)
        announced, self._announced = self._announced, []
        for happening in announced:
            for listener in self.listeners:
                listener(happening)

    def announce(self, event: str, subject: Any, *, principal: str | None = None, **extra: Any) -> None:
        """Say that ``event`` happened to ``subject``; heard once the change is complete."""
        self._announced.append(Happening(event, subject, self.now(), principal, extra))

    def touch(self, order: Order, at: datetime) -> None:
        """An order changed: later than before, whatever the clock's resolution."""
        order.updated_at = max(at, order.updated_at)

    # --- ids --------------------------------------------------------------------------------------------------

    def count(self, name: str) -> int:
        """The next number of a sequence, from one."""
        self.state.counters[name] = self.state.counters.get(name, 0) + 1
        return self.state.counters[name]

    def new_id(self, kind: str) -> str:
        """A fresh global id; the same sequence in every shop, so tests can name what they will get."""
        number = self.count(kind)
        key = uuid.uuid5(_NAMESPACE, f"{kind}:{number}") if kind in UUID_TYPES else number
        return to_global_id(kind, key)

    # --- lookups: None for what does not exist ------------------------------------------------------------------

    def order(self, id: str | None) -> Order | None:  # noqa: A002
        """An order or draft by id."""
        return next((o for o in self.state.orders if o.id == id), None)

    def order_by_number(self, number: str | int) -> Order:
        """An order by its number; raises KeyError."""
        for order in self.state.orders:
            if order.number == str(number):
                return order
        raise KeyError(number)

    def user(self, id: str | None = None, *, email: str | None = None) -> User | None:  # noqa: A002
        """A customer or staff member by id, or by e-mail in any case."""
        for user in self.state.users:
            if user.id == id or (email is not None and user.email.lower() == email.lower()):
                return user
        return None

    def app(self, id: str | None) -> App | None:  # noqa: A002
        """An app by id, deleted ones too."""
        return next((a for a in self.state.apps if a.id == id), None)

    def app_by_token(self, token: str) -> App | None:
        """The living app that owns this token."""
        for app in self.state.apps:
            if app.token == token and app.is_active and not app.is_deleted:
                return app
        return None

    def installed(self, identifier: str) -> App | None:
        """The living installation of an app."""
        for app in self.state.apps:
            if app.identifier == identifier and not app.is_deleted:
                return app
        return None

    def channel(self, slug_or_id: str | None) -> Channel | None:
        """A channel by slug or id."""
        return next((c for c in self.state.channels if slug_or_id in (c.slug, c.id)), None)

    def variant(self, id: str | None = None, *, sku: str | None = None) -> Variant | None:  # noqa: A002
        """A variant by id or SKU."""
        for variant in self.state.variants:
            if variant.id == id or (sku is not None and variant.sku == sku):
                return variant
        return None

    def product(self, id: str | None = None, *, slug: str | None = None) -> Product | None:  # noqa: A002
        """A product by id or slug."""
        for product in self.state.products:
            if product.id == id or (slug is not None and product.slug == slug):
                return product
        return None

    def warehouse(self, id: str | None) -> Warehouse | None:  # noqa: A002
        """A warehouse by id."""
        return next((w for w in self.state.warehouses if w.id == id), None)

    def fulfillment(self, id: str) -> tuple[Order, Fulfillment] | None:  # noqa: A002
        """A fulfilment and its order."""
        for order in self.state.orders:
            for fulfillment in order.fulfillments:
                if fulfillment.id == id:
                    return order, fulfillment
        return None

    def transaction(self, id: str | None, token: str | None = None) -> tuple[Order, Transaction] | None:  # noqa: A002
        """A transaction and its order, by id or token."""
        for order in self.state.orders:
            for transaction in order.transactions:
                if transaction.id == id or (token is not None and transaction.token == str(token)):
                    return order, transaction
        return None

    # --- money ------------------------------------------------------------------------------------------------

    def currency(self, order: Order) -> str:
        """The currency an order is in: its channel's."""
        channel = self.channel(order.channel)
        assert channel is not None  # noqa: S101 - an order cannot be made without one
        return channel.currency


def quantum(currency: str) -> Decimal:
    """The smallest unit of the practice shop's currencies."""
    return Decimal(1) if currency == "JPY" else Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half up to the minor unit."""
    return amount.quantize(quantum(currency), rounding=ROUND_HALF_UP)


def net_of(gross: Decimal, tax_rate: Decimal, currency: str) -> Decimal:
    """What remains of a gross amount without its tax."""
    return rounded(gross / (1 + tax_rate), currency)


def total_of(order: Order) -> Decimal:
    """What the customer owes: lines after discounts plus shipping, less what gift cards paid as codes."""
    whole = sum((line.total for line in order.lines), ZERO) + order.shipping_price
    return whole - sum(order.gift_cards.values(), ZERO)
