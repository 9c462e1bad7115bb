"""Orders and parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from saleor_aftercare.connection.models import (
    CONFIDENCE,
    DeliverySource,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
)
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop

from .base import DAY, NOON, serial
from .shops import make_shop

HOME = PostalAddress(name="Ada Example", street1="5 Rue de la Paix", city="Paris", postal_code="75002", country="FR")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a test says about an order line; ``total`` is for all units, tax included."""

    product_name: str = "Hand grinder"
    quantity: int = 2
    total: Decimal = Decimal("59.80")
    sku: str = "GRINDER-1"
    variant_name: str = "Black"
    product_type: str = "Grinders"
    is_gift_card: bool = False
    is_shipping_required: bool = True


def make_order(
    shop: Shop | None = None,
    *,
    lines: Sequence[Line] = (Line(),),
    fulfilled: bool = True,
    delivered: datetime | None = None,
    delivered_source: DeliverySource = DeliverySource.CARRIER,
    **values: Any,
) -> Order:
    """A paid order, three days old and shipped whole in one parcel unless ``fulfilled`` is False.

    ``delivered`` is when the parcel arrived; None while nobody knows.
    """
    n = serial()
    shipping = values.pop("shipping", Decimal("5.00"))
    order = Order.objects.create(
        **{
            "shop": shop or make_shop(),
            "saleor_id": to_global_id("Order", f"00000000-0000-4000-8000-{n:012d}"),
            "number": str(1000 + n),
            "status": "FULFILLED" if fulfilled else "UNFULFILLED",
            "user_id": to_global_id("User", n),
            "email": f"ada-{n}@customer.test",
            "customer_name": "Ada Example",
            "language": "en",
            "channel": "default-channel",
            "currency": "EUR",
            "total": sum((line.total for line in lines), Decimal(0)) + shipping,
            "shipping": shipping,
            "shipping_method": "Standard",
            "shipping_address": HOME.to_json(),
            "billing_address": HOME.to_json(),
            "placed_at": NOON - 3 * DAY,
            "updated_at": NOON - DAY,
            "issued_at": NOON - DAY,
        }
        | values
    )
    for position, line in enumerate(lines):
        make_order_line(order, line, position=position)
    if fulfilled:
        make_fulfillment(order, delivered=delivered, delivered_source=delivered_source)
    return order


def make_order_line(order: Order, line: Line | None = None, *, position: int = 0) -> OrderLine:
    """One more line of ``order``."""
    line = line or Line()
    n = serial()
    return OrderLine.objects.create(
        order=order,
        saleor_id=to_global_id("OrderLine", f"00000000-0000-4000-9000-{n:012d}"),
        position=position,
        product_id=to_global_id("Product", n),
        variant_id=to_global_id("ProductVariant", n),
        product_type=line.product_type,
        product_name=line.product_name,
        variant_name=line.variant_name,
        sku=line.sku,
        quantity=line.quantity,
        total=line.total,
        is_gift_card=line.is_gift_card,
        is_shipping_required=line.is_shipping_required,
    )


def make_fulfillment(
    order: Order,
    *,
    units: Mapping[OrderLine, int] | None = None,
    delivered: datetime | None = None,
    delivered_source: DeliverySource = DeliverySource.CARRIER,
    **values: Any,
) -> Fulfillment:
    """A parcel of ``order`` with ``units`` of each line, all units when not said; shipped two days ago."""
    n = serial()
    fulfillment = Fulfillment.objects.create(
        **{
            "shop": order.shop,
            "order": order,
            "saleor_id": to_global_id("Fulfillment", n),
            "number": order.fulfillments.count() + 1,
            "status": "FULFILLED",
            "tracking_number": f"TRACK-{n}",
            "shipped_at": NOON - 2 * DAY,
            "dispatched": True,
            "delivered_at": delivered,
            "delivered_source": delivered_source if delivered else "",
            "delivered_confidence": CONFIDENCE[delivered_source] if delivered else None,
        }
        | values
    )
    if units is None:
        units = {line: line.quantity for line in order.lines.all()}
    for line, quantity in units.items():
        FulfillmentLine.objects.create(
            fulfillment=fulfillment,
            order_line=line,
            saleor_id=to_global_id("FulfillmentLine", serial()),
            quantity=quantity,
            dispatched_quantity=quantity,
        )
    return fulfillment
