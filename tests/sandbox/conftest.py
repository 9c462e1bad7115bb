"""A practice shop in memory, and an app that writes down what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from django.test import Client, override_settings

from saleor_aftercare.sandbox import (
    Installer,
    PracticeShop,
    PracticeTransport,
    Webhooks,
    access_token,
    current,
    fill,
    settings,
)
from saleor_aftercare.sandbox.records import App

from .aftercare import AFTERCARE, FakeAftercare

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

ORDER_EVENTS = """
subscription { event { __typename issuedAt version recipient { id identifier }
  issuingPrincipal { __typename ... on App { id name } ... on User { id email } }
  ... on OrderCreated { order { id number status } }
  ... on OrderConfirmed { order { id number status } }
  ... on OrderPaid { order { id number status } }
  ... on OrderFullyPaid { order { id number status } }
  ... on OrderFulfilled { order { id number status } }
  ... on OrderCancelled { order { id number status } }
  ... on OrderRefunded { order { id number status } }
  ... on OrderFullyRefunded { order { id number status } }
  ... on OrderUpdated { order { id number status } }
  ... on FulfillmentCreated { fulfillment { id trackingNumber } order { id } notifyCustomer }
  ... on FulfillmentApproved { fulfillment { id } order { id } }
  ... on FulfillmentTrackingNumberUpdated { fulfillment { id } order { id } }
  ... on FulfillmentCanceled { fulfillment { id } order { id } }
  ... on CustomerUpdated { user { id email } }
  ... on AppInstalled { app { id isActive } }
  ... on AppDeleted { app { id isActive } }
  ... on AppStatusChanged { app { id isActive } } } }
"""


class Listener:
    """An app under test: serves a manifest, takes the token, and keeps every delivery."""

    def __init__(self) -> None:
        self.deliveries: list[httpx.Request] = []
        self.registrations: list[httpx.Request] = []
        self.manifest_requests: list[httpx.Request] = []
        self.answers: list[int] = []
        self.register_answer = httpx.Response(200, json={"success": True})
        self.manifest: dict[str, Any] = {
            "id": "listener",
            "name": "Listener",
            "version": "1.0.0",
            "appUrl": "https://listener.test",
            "tokenTargetUrl": "https://listener.test/register",
            "permissions": ["MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_USERS"],
            "webhooks": [
                {
                    "name": "All",
                    "targetUrl": "https://listener.test/hook",
                    "query": ORDER_EVENTS,
                    "customHeaders": {"X-Listener": "yes"},
                }
            ],
            "extensions": [
                {
                    "label": "Inbox",
                    "url": "/inbox",
                    "mount": "NAVIGATION_ORDERS",
                    "target": "APP_PAGE",
                    "permissions": ["MANAGE_ORDERS"],
                }
            ],
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/manifest":
            self.manifest_requests.append(request)
            return httpx.Response(200, json=self.manifest)
        if request.url.path == "/register":
            self.registrations.append(request)
            return self.register_answer
        self.deliveries.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 200)

    @property
    def events(self) -> list[str]:
        """Events in the order of their arrival."""
        return [request.headers["Saleor-Event"].upper() for request in self.deliveries]

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """Bodies in the order of their arrival."""
        return [json.loads(request.content) for request in self.deliveries]


@pytest.fixture
def shop() -> PracticeShop:
    """Goods and people, no orders; time stands at noon."""
    practice = PracticeShop(now=lambda: NOON)
    fill(practice, orders=False)
    return practice


@pytest.fixture
def listener() -> Listener:
    """The app's side."""
    return Listener()


@pytest.fixture
def hooks(shop: PracticeShop, listener: Listener) -> Webhooks:
    """The shop's queue to the app."""
    return Webhooks(shop, httpx.Client(transport=httpx.MockTransport(listener)))


@pytest.fixture
def app(shop: PracticeShop, hooks: Webhooks, listener: Listener) -> App:
    """The app, installed; it has already heard so."""
    http = httpx.Client(transport=httpx.MockTransport(listener))
    installed = Installer(shop, http).install("https://listener.test/manifest")
    hooks.pump()
    listener.deliveries.clear()
    return installed


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(shop: PracticeShop) -> Ask:
    """Send a document to the shop, as the owner unless a token says otherwise; gives the whole answer."""
    http = httpx.Client(transport=PracticeTransport(shop))
    owner = shop.state.users[0]

    def send(query: str, *, token: str | None = None, **variables: Any) -> dict[str, Any]:
        bearer = access_token(shop, owner) if token is None else token
        answer = http.post(
            shop.api_url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {bearer}"},
        )
        body: dict[str, Any] = answer.json()
        return body

    return send


@pytest.fixture
def fake():
    return FakeAftercare()


@pytest.fixture
def practice(tmp_path, fake):
    made = current.build(
        practice_url="http://127.0.0.1:8687",
        aftercare_url=AFTERCARE,
        data_dir=tmp_path,
        clock_file=tmp_path / "clock",
        http=httpx.Client(transport=httpx.MockTransport(fake)),
    )
    current.serve(made)
    yield made
    current.serve(None)


@pytest.fixture
def browser(practice):
    with override_settings(
        ROOT_URLCONF=settings.ROOT_URLCONF,
        MIDDLEWARE=settings.MIDDLEWARE,
        TEMPLATES=settings.TEMPLATES,
        ALLOWED_HOSTS=["testserver"],
        SECURE_REFERRER_POLICY=settings.SECURE_REFERRER_POLICY,
        SECURE_SSL_REDIRECT=False,
        USE_I18N=False,
    ):
        yield Client()


@pytest.fixture
def installed(practice, browser):
    answer = browser.post("/control/install")
    assert answer.status_code == 200
    return practice.aftercare.app
