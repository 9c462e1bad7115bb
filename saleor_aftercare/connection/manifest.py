"""What we tell a Saleor about ourselves, in the words of its version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from saleor_aftercare import __version__

from .documents import SUPPORTED, Version, document, nearest

#: Without these a part of the product rests; see docs/settings.md. MAX: Saleor refuses MANAGE_APPS from 3.24 on.
PERMISSIONS = ("MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_USERS", "MANAGE_GIFT_CARD", "MANAGE_PRODUCTS")


@dataclass(frozen=True)
class WantedWebhook:
    """A webhook as it should stand in Saleor; ``name`` is how we find ours again in every version."""

    name: str
    identifier: str
    operation: str
    events: tuple[str, ...]

    def query(self, version: Version) -> str:
        """The subscription for a Saleor of ``version``."""
        return document(self.operation, version)


def wanted_webhooks(version: Version) -> tuple[WantedWebhook, ...]:
    """The webhooks that a Saleor of ``version`` should have."""
    customers = ["CUSTOMER_UPDATED"]
    if nearest(version) >= (3, 23):
        customers.append("CUSTOMER_DELETED")
    return (
        WantedWebhook(
            "Aftercare orders",
            "orders",
            "subscribe-orders",
            (
                "ORDER_CREATED",
                "ORDER_CONFIRMED",
                "ORDER_FULFILLED",
                "ORDER_CANCELLED",
                "ORDER_REFUNDED",
                "ORDER_FULLY_REFUNDED",
                "ORDER_FULLY_PAID",
                "ORDER_UPDATED",
            ),
        ),
        WantedWebhook(
            "Aftercare fulfillments",
            "fulfillments",
            "subscribe-fulfillments",
            (
                "FULFILLMENT_CREATED",
                "FULFILLMENT_APPROVED",
                "FULFILLMENT_TRACKING_NUMBER_UPDATED",
                "FULFILLMENT_CANCELED",
            ),
        ),
        WantedWebhook("Aftercare customers", "customers", "subscribe-customers", tuple(customers)),
        WantedWebhook("Aftercare app", "app", "subscribe-app", ("APP_DELETED", "APP_STATUS_CHANGED")),
    )


def webhook_target() -> str:
    """Where deliveries go."""
    return f"{settings.PUBLIC_URL}/saleor/webhooks/"


def _extensions(version: Version) -> list[dict[str, Any]]:
    base = settings.PUBLIC_URL
    extensions: list[dict[str, Any]] = [
        {"label": "Aftercare", "mount": "NAVIGATION_ORDERS", "target": "APP_PAGE", "url": "/inbox"},
        {
            "label": "Aftercare",
            "mount": "ORDER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{base}/widgets/order",
            "options": {"widgetTarget": {"method": "GET"}},
        },
        {
            "label": "Aftercare",
            "mount": "CUSTOMER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{base}/widgets/customer",
            "options": {"widgetTarget": {"method": "GET"}},
        },
        {
            "label": "Start return…",
            "mount": "ORDER_DETAILS_MORE_ACTIONS",
            "target": "POPUP",
            "url": "/popup/return",
            "identifier": "start-return",
        },
    ]
    if nearest(version) >= (3, 23):
        extensions += [
            {
                "label": "Aftercare",
                "mount": "HOMEPAGE_WIDGETS",
                "target": "WIDGET",
                "url": f"{base}/widgets/home",
                "options": {"homeWidgetTarget": {"method": "GET", "fullscreen": False}},
            },
            {
                "label": "Start return…",
                "mount": "SEARCH_ACTION",
                "target": "POPUP",
                "url": "/popup/return",
                "options": {"views": ["ORDER_DETAILS"], "aliases": ["rma", "return"]},
            },
        ]
    else:
        for extension in extensions:
            extension.pop("identifier", None)
    extensions = [{**extension, "permissions": ["MANAGE_ORDERS"]} for extension in extensions]
    # People at the warehouse need no more than the catalogue's permission.
    receiving = {"label": "Receiving", "mount": "NAVIGATION_CATALOG", "target": "APP_PAGE", "url": "/receiving"}
    return [*extensions, {**receiving, "permissions": ["MANAGE_PRODUCTS"]}]


def build_manifest(version: Version) -> dict[str, Any]:
    """The manifest for a Saleor of ``version``."""
    base = settings.PUBLIC_URL
    webhooks = []
    for wanted in wanted_webhooks(version):
        webhook: dict[str, Any] = {
            "name": wanted.name,
            "asyncEvents": list(wanted.events),
            "query": wanted.query(version),
            "targetUrl": webhook_target(),
        }
        if nearest(version) >= (3, 23):
            webhook["identifier"] = wanted.identifier
        webhooks.append(webhook)
    return {
        "id": "saleor.aftercare",
        "name": "Saleor Aftercare",
        "version": __version__,
        "about": "Returns, repairs, spare parts, follow-ups and a support inbox: what happens after the sale.",
        "author": "Saleor Aftercare contributors",
        "requiredSaleorVersion": ">=3.22 <4",
        "permissions": list(PERMISSIONS),
        "appUrl": base,
        "tokenTargetUrl": f"{base}/saleor/register",
        "dataPrivacyUrl": f"{base}/privacy",
        "brand": {"logo": {"default": f"{base}/logo.png"}},
        "extensions": _extensions(version),
        "webhooks": webhooks,
    }


def parse_version(text: str) -> Version:
    """``(3, 23)`` of "3.23" or "3.23.28"; the newest supported when the text is no version.

    Compared as numbers, not as a float: 3.9 is older than 3.22.
    """
    parts = text.split(".")
    if len(parts) >= 2 and all(p.isascii() and p.isdigit() and len(p) < 4 for p in parts[:2]):
        return int(parts[0]), int(parts[1])
    return SUPPORTED[-1]


@require_GET
def manifest_view(request: HttpRequest) -> JsonResponse:
    """``/saleor/manifest.json``, for the version in ``Saleor-Schema-Version``."""
    asked = request.headers.get("Saleor-Schema-Version", "")
    response = JsonResponse(build_manifest(parse_version(asked)))
    response["Vary"] = "Saleor-Schema-Version"
    return response
