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
