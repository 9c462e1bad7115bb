"""Deliveries as Saleor makes them: payloads from the app's own subscription, signed, retried, and in no order.

Measured on Saleor 3.23: a delivery is tried again after 10·2ⁿ seconds on 5xx, timeout or no connection, up to six
attempts in all, with the same bytes; 3xx and 4xx end it at once. Each event is its own task, so nothing keeps an
order; since 3.23 most order payloads are built when they are sent and may be newer than their event.

The demo runs :meth:`Webhooks.start` (a thread in real time). Tests call :meth:`Webhooks.pump`, in their own time.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from graphql import GraphQLError, GraphQLObjectType, execute_sync

from . import refunding
from .access import Caller
from .api import parse_cached
from .happenings import Told, is_deferred, may_hear
from .records import App, Webhook
from .schema import build_schema, minor
from .store import Happening, PracticeShop
from .tokens import sign_detached

logger = logging.getLogger(__name__)

MAX_RETRIES = 5
RETRY_BASE_S = 10
TIMEOUT = httpx.Timeout(18.0, connect=2.0)
#: How many finished deliveries are remembered for the control panel and ``Webhook.eventDeliveries``.
REMEMBERED = 200


@dataclass
class Disorder:
    """What may go wrong on the way; everything off is a lucky day, not a promise of Saleor."""

    shuffle: bool = False  #: send what waits in random order
    duplicate: bool = False  #: send every delivery twice
    lose: set[str] = field(default_factory=set)  #: events that never arrive
    broken_order: bool = False  #: ``order: null`` with ``errors``, as for data with a bad enum value
    deferred: bool = True  #: build order payloads when they are sent, as 3.23 does


@dataclass
class Attempt:
    """One try to deliver."""

    id: str
    created_at: datetime
    response: str
    response_status_code: int | None
    duration: float
    status: str


@dataclass
class Delivery:
    """One event on its way to one webhook."""

    id: str
    webhook: Webhook
    app: App
    happening: Happening
    due: float
    body: bytes | None = None
    attempts: list[Attempt] = field(default_factory=list)
    status: str = "PENDING"

    @property
    def event_type(self) -> str:
        """Saleor's name of the event."""
        return self.happening.event

    @property
    def created_at(self) -> datetime:
        """When the event happened."""
        return self.happening.at


class Webhooks:
    """The queue between the shop and its apps."""

    def __init__(
        self,
        shop: PracticeShop,
        http: httpx.Client | None = None,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.shop = shop
        self.http = http or httpx.Client(timeout=TIMEOUT, follow_redirects=False)
        self.disorder = Disorder()
        self.waiting: list[Delivery] = []
        self.done: list[Delivery] = []
        self._clock = clock
        self._virtual_s = 0.0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        shop.listeners.append(self.enqueue)

    # --- in ---------------------------------------------------------------------------------------------------

    def enqueue(self, happening: Happening) -> None:
        """Queue what happened for every webhook that wants and may hear it."""
        if happening.event in self.disorder.lose:
            return
        for app in list(self.shop.state.apps):
            if not _is_reached(self.shop, app, happening.event):
                continue
            for hook in app.webhooks:
                if hook.is_active and happening.event in hook.events and may_hear(app, happening):
                    self._add(app, hook, happening)
        self._wake.set()

    def _add(self, app: App, hook: Webhook, happening: Happening) -> None:
        if self.disorder.broken_order:
            happening.extra["broken"] = True
        delivery = Delivery(
            id=self.shop.new_id("EventDelivery"),
            webhook=hook,
            app=app,
            happening=happening,
            due=self._now(),
        )
        if not (self.disorder.deferred and is_deferred(self.shop, happening.event)):
            delivery.body = self.payload(delivery)
        with self._lock:
            self.waiting.append(delivery)
            if self.disorder.duplicate:
                twin = Delivery(**{**vars(delivery), "attempts": []})
                self.waiting.append(twin)

    def payload(self, delivery: Delivery) -> bytes:
        """Run the webhook's subscription on the event: the selection of ``event`` is the root of the JSON."""
        shop, happening = self.shop, delivery.happening
        principal = shop.app(happening.principal) or (shop.user(happening.principal) if happening.principal else None)
        told = Told(happening, delivery.app, principal, shop.version)
        caller = Caller(shop, app=delivery.app, permissions=frozenset(delivery.app.permissions))
        schema = build_schema(minor(shop.version))
        with shop.lock:
            result = execute_sync(
                schema,
                parse_cached(delivery.webhook.query),
                root_value={"event": told},
                context_value=caller,
                middleware=None,
            )
        data: dict[str, Any] = dict((result.data or {}).get("event") or {})
        if result.errors:
            data["errors"] = [error.formatted for error in result.errors]
        return json.dumps(data).encode()

    # --- out --------------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return self._clock() if self._clock else self._virtual_s

    def pump(self, *, forward_s: float = 0) -> int:
        """Deliver all that is due, then what falls due within ``forward_s``; says how many attempts were made.

        Deliveries that come up meanwhile (the app answered by changing an order) are delivered too.
        """
        made, until = 0, self._virtual_s + forward_s
        while True:
            delivery = self._next(until)
            if delivery is None:
                self._virtual_s = until
                return made
            self._virtual_s = max(self._virtual_s, delivery.due)
            self.attempt(delivery)
            made += 1

    def _next(self, until: float) -> Delivery | None:
        with self._lock:
            ready = [d for d in self.waiting if d.due <= until]
            if not ready:
                return None
            soonest = min(d.due for d in ready)
            now = [d for d in ready if d.due == soonest]
            chosen = self.shop.random.choice(now) if self.disorder.shuffle else now[0]
            self.waiting.remove(chosen)
            return chosen

    def attempt(self, delivery: Delivery) -> None:
        """Send once; on trouble of the other side put it back for later."""
        if not _is_reached(self.shop, delivery.app, delivery.event_type):
            self._finish(delivery, "FAILED")
            return
        if delivery.body is None:
            delivery.body = self.payload(delivery)
        started = time.monotonic()
        try:
            response = self.http.post(
                delivery.webhook.target_url,
                content=delivery.body,
                headers=self.headers(delivery.webhook, delivery.event_type, delivery.body),
            )
            status, text = response.status_code, response.text[:1024]
        except httpx.HTTPError as error:
            status, text = None, type(error).__name__
        succeeded = status is not None and 200 <= status < 300
        delivery.attempts.append(
            Attempt(
                id=f"{delivery.id}-{len(delivery.attempts)}",
                created_at=self.shop.now(),
                response=text,
                response_status_code=status,
                duration=time.monotonic() - started,
                status="SUCCESS" if succeeded else "FAILED",
            )
        )
        if succeeded:
            self._finish(delivery, "SUCCESS")
        elif (status is not None and status < 500) or len(delivery.attempts) > MAX_RETRIES:
            self._finish(delivery, "FAILED")
        else:
            delivery.due = self._now() + RETRY_BASE_S * 2 ** (len(delivery.attempts) - 1)
            with self._lock:
                self.waiting.append(delivery)

    def _finish(self, delivery: Delivery, status: str) -> None:
        delivery.status = status
        with self._lock:
            self.done.append(delivery)
            del self.done[:-REMEMBERED]

    def headers(self, hook: Webhook, event: str, body: bytes) -> dict[str, str]:
        """Saleor's headers for a signed delivery. There is no delivery id among them."""
        signature, domain = sign_detached(self.shop.keys, body), self.shop.api_url.split("/")[2]
        return {
            "User-Agent": f"Saleor/{minor(self.shop.version)}",
            "Content-Type": "application/json",
            "X-Saleor-Event": event.lower(),
            "X-Saleor-Domain": domain,
            "X-Saleor-Signature": signature,
            "Saleor-Event": event.lower(),
            "Saleor-Domain": domain,
            "Saleor-Signature": signature,
            "Saleor-Api-Url": self.shop.api_url,
            **hook.custom_headers,
        }

    def of_webhook(self, webhook_id: str) -> list[Delivery]:
        """What waits or failed, newest first; successes are forgotten, as in Saleor."""
        with self._lock:
            rows = [*self.done, *self.waiting]
        kept = [d for d in rows if d.webhook.id == webhook_id and d.status != "SUCCESS"]
        return sorted(kept, key=lambda d: d.created_at, reverse=True)

    # --- the demo's thread ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Deliver in real time, and let the payment app answer refund requests, until :meth:`stop`."""
        self._clock = time.monotonic
        self._thread = threading.Thread(target=self._run, name="practice-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits is lost, as it would be with Saleor's broker."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=TIMEOUT.read)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._turn()
            except (GraphQLError, OSError, LookupError, ValueError):
                logger.exception("The practice shop's webhook thread stumbled")
            self._wake.wait(timeout=0.5)
            self._wake.clear()

    def _turn(self) -> None:
        if self.shop.state.pending_refunds:
            refunding.settle_refunds(self.shop, only_due=True)
        while (delivery := self._next(self._now())) is not None:
            self.attempt(delivery)


def _is_reached(shop: PracticeShop, app: App, event: str) -> bool:
    """A deleted app hears only of its end (from 3.23 on), an inactive one only of that and of its switching off."""
    if app.is_deleted:
        return event == "APP_DELETED" and minor(shop.version) != "3.22"
    return app.is_active or event == "APP_STATUS_CHANGED"


def event_types(version: str) -> set[str]:
    """The GraphQL types that a subscription can name in this version."""
    schema = build_schema(version)
    event = schema.type_map["Event"]
    return {
        kind.name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and event in kind.interfaces
    }
