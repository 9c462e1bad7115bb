"""What happens at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class ContactVoided(DomainEvent):
    """Somebody said that a handled contact does not count, or with an empty reason that it does after all."""

    kind: ClassVar = "handled_contact.voided"
    subject: ClassVar = "handled_contact"
    reason: str
    ticket: int


@dataclass(frozen=True)
class MonthClosed(DomainEvent):
    """The handled contacts of a month are final."""

    kind: ClassVar = "handled_contact.month_closed"
    subject: ClassVar = "month_close"
    month: str  #: ISO 8601, its first day
    digest: str
    contacts: int
