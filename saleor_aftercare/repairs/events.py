"""What happens to repair requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _RepairEvent(DomainEvent):
    subject: ClassVar = "repair"


@dataclass(frozen=True)
class RepairRequested(_RepairEvent):
    """A customer, or staff for a customer, asked for a repair."""

    kind: ClassVar = "repair.requested"


@dataclass(frozen=True)
class RepairAccepted(_RepairEvent):
    """The product may be sent in."""

    kind: ClassVar = "repair.accepted"


@dataclass(frozen=True)
class RepairSlipCreated(_RepairEvent):
    """The intake slip of an accepted repair can be printed."""

    kind: ClassVar = "repair.slip_created"


@dataclass(frozen=True)
class RepairCheckedIn(_RepairEvent):
    """The product is here, to be repaired."""

    kind: ClassVar = "repair.checked_in"


@dataclass(frozen=True)
class RepairTakenBack(_RepairEvent):
    """The product is here, and is not repaired after all."""

    kind: ClassVar = "repair.taken_back"


@dataclass(frozen=True)
class RepairDeclined(_RepairEvent):
    """Staff said no."""

    kind: ClassVar = "repair.declined"


@dataclass(frozen=True)
class RepairCanceled(_RepairEvent):
    """The customer thought better of it."""

    kind: ClassVar = "repair.canceled"
