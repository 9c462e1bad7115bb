"""What happens to replacements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _ReplacementEvent(DomainEvent):
    """``case`` and ``case_id`` say what the goods are for: "return" and its key."""

    subject: ClassVar = "replacement"
    case: str
    case_id: int


@dataclass(frozen=True)
class ReplacementPlanned(_ReplacementEvent):
    """Goods were promised; ``due`` is what the customer pays on top, in major units."""

    kind: ClassVar = "replacement.planned"
    goods: str
    due: str
    currency: str


@dataclass(frozen=True)
class ReplacementPlaced(_ReplacementEvent):
    """Its order stands in Saleor and is paid, or costs nothing: the shop ships it."""

    kind: ClassVar = "replacement.placed"
    order_number: str


@dataclass(frozen=True)
class ReplacementAwaitingPayment(_ReplacementEvent):
    """Its order stands in Saleor; the customer has to pay the difference first."""

    kind: ClassVar = "replacement.awaiting_payment"
    order_number: str
    due: str
    currency: str


@dataclass(frozen=True)
class ReplacementShipped(_ReplacementEvent):
    """The parcel is on its way."""

    kind: ClassVar = "replacement.shipped"
    order_number: str


@dataclass(frozen=True)
class ReplacementOutOfStock(_ReplacementEvent):
    """What was promised is sold out: offer something else, or the money."""

    kind: ClassVar = "replacement.out_of_stock"
    goods: str


@dataclass(frozen=True)
class ReplacementPriceChanged(_ReplacementEvent):
    """The shop asks something else now than when it promised; the customer keeps what was promised."""

    kind: ClassVar = "replacement.price_changed"
    goods: str
    promised: str
    now: str
    currency: str


@dataclass(frozen=True)
class ReplacementFailed(_ReplacementEvent):
    """Saleor refused, and there is no order."""

    kind: ClassVar = "replacement.failed"
    reason: str


@dataclass(frozen=True)
class ReplacementNeedsStaff(_ReplacementEvent):
    """An order may stand unfinished in Saleor; a person looks."""

    kind: ClassVar = "replacement.needs_staff"
    reason: str


@dataclass(frozen=True)
class ReplacementCanceled(_ReplacementEvent):
    """Nothing is sent."""

    kind: ClassVar = "replacement.canceled"


@dataclass(frozen=True)
class ReplacementReturnOverdue(_ReplacementEvent):
    """The replacement went ahead, and the old goods are not on their way by the day they were due."""

    kind: ClassVar = "replacement.return_overdue"
    back_by: str


@dataclass(frozen=True)
class UnfinishedExchangeFound(DomainEvent):
    """Somebody began an exchange in Saleor's own Dashboard and left its draft; ``subject`` is the original order."""

    kind: ClassVar = "exchange_draft.found"
    subject: ClassVar = "order"
    draft_number: str
    draft_id: str
