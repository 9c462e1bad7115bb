"""What is sold, where, how it is sent, and what makes it cheaper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from .base import Address, Record


@dataclass
class Channel(Record):
    """A sales channel: one currency, one default country."""

    typename: ClassVar[str] = "Channel"

    slug: str
    name: str
    currency: str
    country: str
    tax_rate: Decimal
    prices_entered_with_tax: bool = True


@dataclass
class Warehouse(Record):
    """Where goods leave from and, perhaps, come back to."""

    typename: ClassVar[str] = "Warehouse"

    slug: str
    name: str
    address: Address
    email: str = ""


@dataclass
class Category(Record):
    """A shelf of the shop."""

    typename: ClassVar[str] = "Category"

    slug: str
    name: str


@dataclass
class ProductType(Record):
    """What products of one kind share; ``kind`` is NORMAL or GIFT_CARD."""

    typename: ClassVar[str] = "ProductType"

    slug: str
    name: str
    kind: str = "NORMAL"
    is_shipping_required: bool = True


@dataclass
class Product(Record):
    """Something to sell, in one or more variants; ``picture`` names its drawing in pictures.py."""

    typename: ClassVar[str] = "Product"

    slug: str
    name: str
    name_ja: str
    product_type: str
    category: str
    picture: str
    created: datetime
    updated_at: datetime


@dataclass
class Variant(Record):
    """What is picked from the shelf; ``prices`` and ``stock`` are keyed by channel slug and warehouse id."""

    typename: ClassVar[str] = "ProductVariant"

    product: str
    name: str
    name_ja: str
    sku: str
    prices: dict[str, Decimal]
    stock: dict[str, int] = field(default_factory=dict)
    track_inventory: bool = True


@dataclass
class ShippingMethod:
    """A way to send a parcel; ``prices`` by channel slug."""

    typename: ClassVar[str] = "ShippingMethod"

    id: str
    name: str
    prices: dict[str, Decimal]


@dataclass
class Voucher(Record):
    """A discount by code: ENTIRE_ORDER or SHIPPING, FIXED or PERCENTAGE; ``values`` by channel slug."""

    typename: ClassVar[str] = "Voucher"

    name: str
    type: str
    value_type: str
    codes: list[str]
    start_date: datetime
    end_date: datetime | None = None
    single_use: bool = False
    used: list[str] = field(default_factory=list)
    values: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class GiftCard(Record):
    """Store credit by code."""

    typename: ClassVar[str] = "GiftCard"

    code: str
    created: datetime
    currency: str
    initial: Decimal
    balance: Decimal
    is_active: bool = True
    expiry_date: datetime | None = None
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    app: str | None = None
    created_by: str | None = None
    assigned_to: str | None = None
