"""What happens to returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _ReturnEvent(DomainEvent):
    subject: ClassVar = "return"


@dataclass(frozen=True)
class ReturnRequested(_ReturnEvent):
    """A customer, or staff for a customer, asked to send units back."""

    kind: ClassVar = "return.requested"
    by_staff: bool


@dataclass(frozen=True)
class ReturnApproved(_ReturnEvent):
    """We want the goods back."""

    kind: ClassVar = "return.approved"


@dataclass(frozen=True)
class ReturnDeclined(_ReturnEvent):
    """Staff said no."""

    kind: ClassVar = "return.declined"


@dataclass(frozen=True)
class ReturnCanceled(_ReturnEvent):
    """The customer keeps the goods."""

    kind: ClassVar = "return.canceled"


@dataclass(frozen=True)
class ReturnLabelCreated(_ReturnEvent):
    """The label can be printed."""

    kind: ClassVar = "return.label_created"


@dataclass(frozen=True)
class ReturnReceived(_ReturnEvent):
    """The parcel was opened and its units counted."""

    kind: ClassVar = "return.received"


@dataclass(frozen=True)
class ReturnRecorded(_ReturnEvent):
    """Saleor shows the units as returned."""

    kind: ClassVar = "return.recorded"


@dataclass(frozen=True)
class ReturnResolved(_ReturnEvent):
    """The customer has got what was due."""

    kind: ClassVar = "return.resolved"
