"""What the practice shop remembers: plain dataclasses, one per Saleor object, that survive a round trip as JSON.

Ids are Saleor's global ids (base64 of ``Type:key``), so a record can be handed to GraphQL as it is. Amounts are
gross (tax included) in major units; the net amount is computed from the tax rate when somebody asks.
"""

from .apps import App, Extension, Problem, Webhook
from .base import ZERO, Address, Record
from .content import Collection, Page, PageType
from .goods import Category, Channel, GiftCard, Product, ProductType, ShippingMethod, Variant, Voucher, Warehouse
from .orders import Discount, Fulfillment, FulfillmentLine, Order, OrderEvent, OrderLine
from .payments import GrantedLine, GrantedRefund, PendingRefund, Transaction, TransactionEvent
from .people import LineMessage, User
from .state import ShopState

__all__ = [
    "ZERO",
    "Address",
    "App",
    "Category",
    "Channel",
    "Collection",
    "Discount",
    "Extension",
    "Fulfillment",
    "FulfillmentLine",
    "GiftCard",
    "GrantedLine",
    "GrantedRefund",
    "LineMessage",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Page",
    "PageType",
    "PendingRefund",
    "Problem",
    "Product",
    "ProductType",
    "Record",
    "ShippingMethod",
    "ShopState",
    "Transaction",
    "TransactionEvent",
    "User",
    "Variant",
    "Voucher",
    "Warehouse",
    "Webhook",
]
