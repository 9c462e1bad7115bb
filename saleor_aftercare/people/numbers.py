"""The telephone numbers that an order names."""

from __future__ import annotations

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.phones import e164


def numbers_of(order: Order) -> list[str]:
    """The numbers of both addresses in E.164, each once; what is no number is left out."""
    found: dict[str, None] = {}
    for address in (order.shipping_address, order.billing_address):
        number = e164(str(address.get("phone") or ""), region=str(address.get("country") or ""))
        if number is not None:
            found[number] = None
    return list(found)
