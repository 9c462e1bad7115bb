"""Everything the shop remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from .apps import App
from .content import Collection, Page, PageType
from .goods import Category, Channel, GiftCard, Product, ProductType, ShippingMethod, Variant, Voucher, Warehouse
from .orders import Order
from .payments import PendingRefund
from .people import LineMessage, User


@dataclass
class ShopState:
    """Everything, as it is written to disk."""

    name: str = "Kaze & Kettle"
    furnished: bool = False  #: the merchant has written their ready-made words
    handle: str = ""  #: what Aftercare calls the shop in addresses
    counters: dict[str, int] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    warehouses: list[Warehouse] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    product_types: list[ProductType] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    shipping_methods: list[ShippingMethod] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)
    gift_cards: list[GiftCard] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    page_types: list[PageType] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)  #: product id → kilograms
    apps: list[App] = field(default_factory=list)
    pending_refunds: list[PendingRefund] = field(default_factory=list)
    line_messages: list[LineMessage] = field(default_factory=list)
