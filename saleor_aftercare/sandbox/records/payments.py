"""Money that was taken, and money that is promised back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from .base import ZERO, Record


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
    gift_card: str | None = None  #: paid by this gift card through Saleor's own gateway
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
class PendingRefund:
    """A refund on its way through the payment app."""

    order: str
    transaction: str
    amount: Decimal
    due: datetime
    psp_reference: str
    granted_refund: str | None = None
