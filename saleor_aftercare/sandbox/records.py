"""What the practice shop remembers: plain dataclasses, one per Saleor object, that survive a round trip as JSON.

Ids are Saleor's global ids (base64 of ``Type:key``), so a record can be handed to GraphQL as it is. Amounts are
gross (tax included) in major units; the net amount is computed from the tax rate when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

ZERO = Decimal(0)


@dataclass
class Record:
    """Something with a global id and metadata; ``typename`` is its GraphQL type."""

    typename: ClassVar[str] = ""

    id: str
    metadata: dict[str, str] = field(default_factory=dict, kw_only=True)
    private_metadata: dict[str, str] = field(default_factory=dict, kw_only=True)


@dataclass
class Address:
    """A postal address in Saleor's parts; ``country`` is an ISO 3166 alpha-2 code."""

    typename: ClassVar[str] = "Address"

    id: str = ""
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    city_area: str = ""
    postal_code: str = ""
    country: str = "US"
    country_area: str = ""
    phone: str = ""


@dataclass
class Channel(Record):
    """A sales channel: one currency, one default country."""

    typename: ClassVar[str] = "Channel"

    slug: str
    name: str
    currency: str
    country: str
    tax_rate: Decimal


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


@dataclass
class User(Record):
    """A customer or a member of staff (then with permissions and, in the demo, a password nobody needs)."""

    typename: ClassVar[str] = "User"

    email: str
    first_name: str
    last_name: str
    language_code: str
    date_joined: datetime
    updated_at: datetime
    token_key: str
    is_staff: bool = False
    is_active: bool = True
    channel: str = ""
    permissions: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    password: str = "practice"  # noqa: S105 - a stand-in has no secrets to keep


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
class TransactionEvent:
    """One thing that happened to a payment."""

    typename: ClassVar[str] = "TransactionEvent"

    id: str
    created_at: datetime
    type: str
    amount: Decimal
    psp_reference: str = ""
    message: str = ""
    created_by: str | None = None


@dataclass
class Transaction(Record):
    """Money taken for an order; ``created_by`` is the id of the app or user who reported it."""

    typename: ClassVar[str] = "TransactionItem"

    token: str
    name: str
    message: str
    psp_reference: str
    created_at: datetime
    modified_at: datetime
    created_by: str | None
    actions: list[str]
    external_url: str = ""
    authorized: Decimal = ZERO
    charged: Decimal = ZERO
    refunded: Decimal = ZERO
    refund_pending: Decimal = ZERO
    canceled: Decimal = ZERO
    events: list[TransactionEvent] = field(default_factory=list)  #: newest first, as Saleor lists them


@dataclass
class GrantedLine:
    """How many units of one order line a refund was granted for."""

    typename: ClassVar[str] = "OrderGrantedRefundLine"

    id: str
    order_line: str
    quantity: int
    reason: str = ""


@dataclass
class GrantedRefund:
    """A refund somebody promised; NONE until it is requested from the payment app."""

    typename: ClassVar[str] = "OrderGrantedRefund"

    id: str
    created_at: datetime
    updated_at: datetime
    amount: Decimal
    transaction: str
    reason: str = ""
    shipping_costs_included: bool = False
    status: str = "NONE"
    app: str | None = None
    user: str | None = None
    lines: list[GrantedLine] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


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
    external_reference: str | None = None
    customer_note: str = ""
    redirect_url: str | None = None
    original: str | None = None


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


@dataclass
class Webhook:
    """What an app wants to hear, where, and in which shape."""

    typename: ClassVar[str] = "Webhook"

    id: str
    app: str
    name: str
    target_url: str
    query: str
    events: list[str]
    identifier: str = ""
    is_active: bool = True
    custom_headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Extension:
    """A place in the Dashboard where an app shows itself."""

    typename: ClassVar[str] = "AppExtension"

    id: str
    app: str
    label: str
    url: str
    mount: str
    target: str
    permissions: list[str]
    identifier: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Problem:
    """A message of an app to the merchant."""

    typename: ClassVar[str] = "AppProblem"

    id: str
    key: str
    message: str
    count: int
    is_critical: bool
    updated_at: datetime


@dataclass
class App(Record):
    """An installed app; a deleted one stays as a grave so that its token is known to be dead."""

    typename: ClassVar[str] = "App"

    name: str
    identifier: str
    version: str
    token: str
    created: datetime
    permissions: list[str]
    is_active: bool = True
    is_deleted: bool = False
    app_url: str = ""
    manifest_url: str = ""
    author: str = ""
    audience: str = ""
    webhooks: list[Webhook] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class PendingRefund:
    """A refund on its way through the payment app."""

    order: str
    transaction: str
    amount: Decimal
    due: datetime
    psp_reference: str
    granted_refund: str | None = None


@dataclass
class ShopState:
    """Everything, as it is written to disk."""

    name: str = "Kaze & Kettle"
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
    apps: list[App] = field(default_factory=list)
    pending_refunds: list[PendingRefund] = field(default_factory=list)
