"""Saleor's events: their names, whom they are told to, and when their payload is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .records import App
from .store import Happening, PracticeShop

#: Event name → permission an app needs to hear it. A missing permission means silence, not an error.
PERMISSIONS: dict[str, str | None] = {
    **dict.fromkeys(
        (
            "ORDER_CREATED", "ORDER_CONFIRMED", "ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED",
            "ORDER_CANCELLED", "ORDER_EXPIRED", "ORDER_FULFILLED", "ORDER_REFUNDED",
            "ORDER_FULLY_REFUNDED", "ORDER_METADATA_UPDATED", "DRAFT_ORDER_CREATED",
            "DRAFT_ORDER_UPDATED", "DRAFT_ORDER_DELETED", "FULFILLMENT_CREATED",
            "FULFILLMENT_APPROVED", "FULFILLMENT_CANCELED", "FULFILLMENT_TRACKING_NUMBER_UPDATED",
            "FULFILLMENT_METADATA_UPDATED",
        ),
        "MANAGE_ORDERS",
    ),
    **dict.fromkeys(
        (
            "CUSTOMER_CREATED", "CUSTOMER_UPDATED", "CUSTOMER_DELETED",
            "CUSTOMER_METADATA_UPDATED", "ACCOUNT_DELETED",
        ),
        "MANAGE_USERS",
    ),
    **dict.fromkeys(("APP_INSTALLED", "APP_UPDATED", "APP_DELETED", "APP_STATUS_CHANGED"), None),
    "GIFT_CARD_CREATED": "MANAGE_GIFT_CARD",
    "PRODUCT_VARIANT_UPDATED": "MANAGE_PRODUCTS",
}  # fmt: skip

#: Since 3.23 these payloads are built when they are sent, so they may be newer than their event.
_BUILT_AT_ONCE = frozenset({"FULFILLMENT_CREATED", "FULFILLMENT_APPROVED"})


def type_name(event: str) -> str:
    """``ORDER_FULLY_PAID`` → ``OrderFullyPaid``, the type in the subscription."""
    return "".join(word.capitalize() for word in event.split("_"))


def is_deferred(shop: PracticeShop, event: str) -> bool:
    """Whether Saleor of this version builds the payload later."""
    if shop.version.startswith("3.22") or event in _BUILT_AT_ONCE:
        return False
    return event.startswith(("ORDER_", "DRAFT_ORDER_", "FULFILLMENT_"))


def may_hear(app: App, happening: Happening) -> bool:
    """Whether this app is told: it has the permission, and lifecycle events reach only the app they are about."""
    permission = PERMISSIONS[happening.event]
    if permission is not None:
        return permission in app.permissions
    return happening.subject is app


@dataclass(frozen=True)
class Told:
    """The root of a payload: one event, told to one app."""

    happening: Happening
    recipient: App
    issuing_principal: Any
    version: str

    @property
    def typename(self) -> str:
        """The event's GraphQL type."""
        return type_name(self.happening.event)

    @property
    def issued_at(self) -> Any:
        """When it happened."""
        return self.happening.at
