"""What a subscription finds in an event."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from saleor_aftercare.sandbox.happenings import PERMISSIONS, Told, type_name

from . import field

_KINDS = [type_name(event) for event in PERMISSIONS]


def _broken(told: Told) -> Any:
    """With the fault switched on, the root object fails as it does live when the data hold a bad value."""
    if told.happening.extra.get("broken"):
        raise GraphQLError("Enum 'OrderOriginEnum' cannot represent value: ''")
    return told.happening.subject


def _order(told: Told) -> Any:
    if told.happening.event.startswith("FULFILLMENT"):
        return told.happening.extra.get("order")
    return _broken(told)


def _attach() -> None:
    for kind in [*_KINDS, "TransactionRefundRequested"]:
        field(f"{kind}.order")(lambda told, _info: _order(told))
        for name in ("fulfillment", "user", "app", "giftCard", "productVariant"):
            field(f"{kind}.{name}")(lambda told, _info: _broken(told))
        field(f"{kind}.notifyCustomer")(lambda told, _info: told.happening.extra["notify"])


_attach()
