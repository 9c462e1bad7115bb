"""What happens to refunds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _RefundEvent(DomainEvent):
    """``case`` and ``case_id`` say what the refund is for: "return" and its key."""

    subject: ClassVar = "refund"
    case: str
    case_id: int
    amount: str  #: major units
    currency: str


@dataclass(frozen=True)
class RefundStarted(_RefundEvent):
    """Staff decided; nothing was sent yet."""

    kind: ClassVar = "refund.started"
    method: str


@dataclass(frozen=True)
class RefundSettled(_RefundEvent):
    """The money is given back, says Saleor."""

    kind: ClassVar = "refund.settled"


@dataclass(frozen=True)
class RefundFailed(_RefundEvent):
    """It was refused, and nothing was paid."""

    kind: ClassVar = "refund.failed"
    reason: str


@dataclass(frozen=True)
class RefundNeedsStaff(_RefundEvent):
    """We cannot tell whether it was paid; a person looks."""

    kind: ClassVar = "refund.needs_staff"
    reason: str


@dataclass(frozen=True)
class _SettlementEvent(DomainEvent):
    """``case`` and ``case_id`` say what was put right: "return" and its key."""

    subject: ClassVar = "settlement"
    case: str
    case_id: int


@dataclass(frozen=True)
class SettlementStarted(_SettlementEvent):
    """Staff decided; amounts in major units."""

    kind: ClassVar = "settlement.started"
    refund: str
    credit: str
    exchange: str
    currency: str


@dataclass(frozen=True)
class SettlementSettled(_SettlementEvent):
    """Every part of it is given, or there was nothing to give."""

    kind: ClassVar = "settlement.settled"


@dataclass(frozen=True)
class SettlementFailed(_SettlementEvent):
    """A part failed and the others are given; the failed one can be tried again."""

    kind: ClassVar = "settlement.failed"


@dataclass(frozen=True)
class SettlementNeedsStaff(_SettlementEvent):
    """Of a part nobody can tell whether it was given; a person looks."""

    kind: ClassVar = "settlement.needs_staff"


@dataclass(frozen=True)
class _StoreCreditEvent(DomainEvent):
    """``case`` and ``case_id`` say what the credit is for; ``amount`` includes the bonus."""

    subject: ClassVar = "store_credit"
    case: str
    case_id: int
    amount: str  #: major units
    currency: str


@dataclass(frozen=True)
class StoreCreditIssued(_StoreCreditEvent):
    """The gift card is there, and its code can be used."""

    kind: ClassVar = "store_credit.issued"


@dataclass(frozen=True)
class StoreCreditFailed(_StoreCreditEvent):
    """No card was made."""

    kind: ClassVar = "store_credit.failed"
    reason: str


@dataclass(frozen=True)
class StoreCreditNeedsStaff(_StoreCreditEvent):
    """Saleor did not tell whether the card was made; a person looks."""

    kind: ClassVar = "store_credit.needs_staff"
    reason: str


@dataclass(frozen=True)
class StoreCreditRevealed(_StoreCreditEvent):
    """Somebody of the staff looked at the code."""

    kind: ClassVar = "store_credit.revealed"
