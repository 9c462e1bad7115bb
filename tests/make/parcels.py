"""Parcels on their way back, and accounts with providers."""

from __future__ import annotations

import json
from typing import Any

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.models import Parcel, ParcelState, ProviderAccount

from .base import NOON, serial
from .orders import make_order

WAREHOUSE_ADDRESS = PostalAddress(
    company="Kaze & Kettle", street1="Jingumae 1-2-3", city="Shibuya-ku", postal_code="150-0001", country="JP"
)


def make_parcel(
    order: Order | None = None, *, state: ParcelState = ParcelState.WANTED, provider: str = "printable", **values: Any
) -> Parcel:
    """A parcel of some return, with one unit of the order's first line, that the shop pays."""
    order = order or make_order()
    n = serial()
    line = order.lines.all()[0]
    number = values.get("case_number", f"RMA-{5000 + n}")
    return Parcel.objects.create(
        **{
            "shop": order.shop,
            "subject": "return",
            "subject_id": 900_000 + n,
            "case_number": number,
            "order": order,
            "reference": f"{order.shop.handle}.{number}.{n}",
            "provider": provider,
            "state": state,
            "state_since": NOON,
            "payer": "merchant",
            "recipient": WAREHOUSE_ADDRESS.to_json(),
            "contents": [{"name": line.product_name, "quantity": 1, "reason": "Too small", "line": line.pk}],
            "created_at": NOON,
        }
        | values
    )


def make_account(shop: Shop, provider: str = "fake", **credentials: str) -> ProviderAccount:
    """A shop's account with a provider; the fake's unless said otherwise."""
    values = credentials or {"api_key": "k"}
    return ProviderAccount.objects.create(
        shop=shop, provider=provider, credentials=json.dumps(values), updated_at=NOON, version=2
    )
