"""Goods in exchange."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from saleor_aftercare.returns.models import Return

from .base import NOON, serial
from .returns import make_return

ORDERED = {ReplacementState.AWAITING_PAYMENT, ReplacementState.PLACED, ReplacementState.SHIPPED}


def make_replacement(
    ret: Return | None = None, *, state: ReplacementState = ReplacementState.PLANNED, **values: Any
) -> Replacement:
    """A shirt in size L for the first line of a return, even; ordered as number 99 in the states that say so."""
    ret = ret or make_return()
    n = serial()
    ordered = state in ORDERED
    line = {
        "variant_id": to_global_id("ProductVariant", 2),
        "product_id": to_global_id("Product", 1),
        "name": "Shirt L",
        "sku": "SKU-2",
        "quantity": 1,
        "return_line": ret.lines.order_by("pk")[0].pk,
        "list_price": "20.00",
        "asked": "20.00",
        "units": [["0.00", 1]],
    }
    return Replacement.objects.create(
        **{
            "shop": ret.shop,
            "key": f"replacement-{n}",
            "external_reference": f"aftercare:shop:{ret.number}:{n}",
            "order": ret.order,
            "subject": "return",
            "subject_id": ret.pk,
            "case_number": ret.number,
            "currency": ret.order.currency,
            "credit": Decimal("20.00"),
            "due": Decimal("0.00"),
            "lines": [line],
            "state": state,
            "state_since": NOON,
            "created_at": NOON,
            "saleor_order_id": to_global_id("Order", n) if ordered else "",
            "saleor_order_number": "99" if ordered else "",
        }
        | values
    )
