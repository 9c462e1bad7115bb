"""What the channels tell the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class MessengerHeard(DomainEvent):
    """Somebody wrote by a messenger; the row holds the delivery as it came."""

    kind: ClassVar[str] = "channel.messenger_heard"
    subject: ClassVar[str] = "inbound"


@dataclass(frozen=True)
class CallHeard(DomainEvent):
    """A telephone call rang, was taken or ended."""

    kind: ClassVar[str] = "channel.call_heard"
    subject: ClassVar[str] = "call"


@dataclass(frozen=True)
class _LetterCameBack(DomainEvent):
    subject: ClassVar[str] = "letter"

    about: str  #: what of ours the letter is about: "ticket", "return"; may be ""
    about_id: int | None
    letter_kind: str


@dataclass(frozen=True)
class LetterBounced(_LetterCameBack):
    """A letter came back: the customer does not have it."""

    kind: ClassVar[str] = "letter.bounced"

    permanent: bool  #: nothing is written to that address any more
    reason: str  #: what the other server said: its code, without words that may name people


@dataclass(frozen=True)
class LetterComplained(_LetterCameBack):
    """Somebody called a letter spam: they get nothing unasked any more."""

    kind: ClassVar[str] = "letter.complained"
