"""What follow-ups bring to light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class FollowUpAnswered(DomainEvent):
    """The customer answered, or changed the answer."""

    kind: ClassVar = "followup.answered"
    subject: ClassVar = "followup"

    answer: str  #: a FollowUpAnswer
    comment: str  #: the customer's own words; may be ""
    photos: tuple[int, ...] = ()  #: primary keys of StoredFiles
