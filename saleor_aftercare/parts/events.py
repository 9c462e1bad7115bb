"""What happens to spare-part requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _SparePartEvent(DomainEvent):
    subject: ClassVar = "spare_part"


@dataclass(frozen=True)
class SparePartRequested(_SparePartEvent):
    """A customer, or staff for a customer, asked for a part."""

    kind: ClassVar = "spare_part.requested"


@dataclass(frozen=True)
class SparePartAccepted(_SparePartEvent):
    """The part was identified, and will be sent or offered."""

    kind: ClassVar = "spare_part.accepted"


@dataclass(frozen=True)
class SparePartDeclined(_SparePartEvent):
    """Staff said no."""

    kind: ClassVar = "spare_part.declined"


@dataclass(frozen=True)
class SparePartCanceled(_SparePartEvent):
    """The customer thought better of it."""

    kind: ClassVar = "spare_part.canceled"
