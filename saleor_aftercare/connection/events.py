"""What we learn from Saleor and from carriers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class FulfillmentDispatched(DomainEvent):
    """A parcel is on its way; once per fulfilment, however many events say so."""

    kind: ClassVar = "fulfillment.dispatched"
    subject: ClassVar = "fulfillment"


@dataclass(frozen=True)
class FulfillmentDelivered(DomainEvent):
    """We know better than before when a parcel arrived."""

    kind: ClassVar = "fulfillment.delivered"
    subject: ClassVar = "fulfillment"
    source: str


@dataclass(frozen=True)
class FulfillmentCanceled(DomainEvent):
    """A parcel was taken back before it left, or never left."""

    kind: ClassVar = "fulfillment.canceled"
    subject: ClassVar = "fulfillment"


@dataclass(frozen=True)
class OrderCanceled(DomainEvent):
    """Nothing of the order will be delivered."""

    kind: ClassVar = "order.canceled"
    subject: ClassVar = "order"


@dataclass(frozen=True)
class OrderMoneyChanged(DomainEvent):
    """Saleor says that money came in or went back on the order; whoever waits for it looks."""

    kind: ClassVar = "order.money_changed"
    subject: ClassVar = "order"


@dataclass(frozen=True)
class CustomerDeleted(DomainEvent):
    """A customer's account is gone from Saleor. ``subject_id`` is the shop's, for the account has no row here."""

    kind: ClassVar = "customer.deleted"
    subject: ClassVar = "shop"
    user_id: str
