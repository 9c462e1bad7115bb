"""What the channels tell the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class CallEnded(DomainEvent):
    """A telephone system told that a call is over and how it went; again when it went otherwise."""

    kind: ClassVar[str] = "channel.call_ended"
    subject: ClassVar[str] = "call"

    outcome: str  #: a CallOutcome


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
    status: str  #: RFC 3463's code, such as 5.1.1; may be ""


@dataclass(frozen=True)
class LetterComplained(_LetterCameBack):
    """Somebody called a letter spam: they get nothing unasked any more."""

    kind: ClassVar[str] = "letter.complained"


@dataclass(frozen=True)
class MessageNotSent(DomainEvent):
    """A messenger did not take an answer, or (``maybe``) nobody can tell whether it did."""

    kind: ClassVar[str] = "channel.message_not_sent"
    subject: ClassVar[str] = "channel_message"

    maybe: bool


@dataclass(frozen=True)
class CallBackPromised(DomainEvent):
    """Somebody promised to call at that time."""

    kind: ClassVar[str] = "channel.call_back_promised"
    subject: ClassVar[str] = "call"

    due_at: str  #: ISO 8601
