"""Orders, drafts, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from .base import ZERO, Address, Record
from .payments import GrantedRefund, Transaction


@dataclass
class OrderLine(Record):
    """One ordered variant with the prices of that day; ``total`` is after every discount."""

    typename: ClassVar[str] = "OrderLine"

    variant: str | None
    product_name: str
    variant_name: str
    translated_product_name: str
    translated_variant_name: str
    sku: str
    quantity: int
    base_price: Decimal
    unit_price: Decimal
    total: Decimal
    tax_rate: Decimal
    is_shipping_required: bool = True
    is_gift: bool = False
    is_gift_card: bool = False
    is_price_overridden: bool = False
    quantity_fulfilled: int = 0
    discount_type: str | None = None
    discount_value: Decimal = ZERO
    discount_reason: str | None = None


@dataclass
class FulfillmentLine:
    """How many of one order line lie in one parcel."""

    typename: ClassVar[str] = "FulfillmentLine"

    id: str
    order_line: str
    quantity: int
    reason: str = ""


@dataclass
class Fulfillment(Record):
    """A parcel, or the record of goods returned or replaced."""

    typename: ClassVar[str] = "Fulfillment"

    fulfillment_order: int
    status: str
    created: datetime
    warehouse: str | None
    tracking_number: str = ""
    reason: str = ""
    lines: list[FulfillmentLine] = field(default_factory=list)


@dataclass
class Discount:
    """A voucher or a manual discount on a whole order."""

    typename: ClassVar[str] = "OrderDiscount"

    id: str
    type: str
    value_type: str
    value: Decimal
    amount: Decimal
    name: str = ""
    reason: str | None = None


@dataclass
class OrderEvent:
    """A line of the order's history, notes included."""

    typename: ClassVar[str] = "OrderEvent"

    id: str
    date: datetime
    type: str
    message: str = ""
    user: str | None = None
    app: str | None = None


@dataclass
class Order(Record):
    """An order, or a draft of one (status DRAFT)."""

    typename: ClassVar[str] = "Order"

    number: str
    created: datetime
    updated_at: datetime
    status: str
    origin: str
    channel: str
    user: str | None
    user_email: str
    language: str
    billing_address: Address | None
    shipping_address: Address | None
    lines: list[OrderLine] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    granted_refunds: list[GrantedRefund] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    events: list[OrderEvent] = field(default_factory=list)
    shipping_method: str | None = None
    shipping_method_name: str | None = None
    base_shipping_price: Decimal = ZERO
    shipping_price: Decimal = ZERO
    voucher_code: str | None = None
    gift_cards: dict[str, Decimal] = field(default_factory=dict)  #: id → what it paid, entered as a code
    external_reference: str | None = None
    customer_note: str = ""
    redirect_url: str | None = None
    original: str | None = None
