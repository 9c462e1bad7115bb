"""What the mail room tells the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _LetterEvent(DomainEvent):
    subject: ClassVar[str] = "letter"

    letter_kind: str
    about: str  #: what of ours the letter is about: "return"; may be ""
    about_id: int | None


@dataclass(frozen=True)
class MailFailed(_LetterEvent):
    """The mail server refused a letter for good, or its address is suppressed: the customer does not have it."""

    kind: ClassVar[str] = "mail.failed"


@dataclass(frozen=True)
class MailLost(_LetterEvent):
    """A worker died while it handed a letter over: the customer may or may not have it, and staff decide."""

    kind: ClassVar[str] = "mail.lost"
