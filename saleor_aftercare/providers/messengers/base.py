"""What Aftercare asks of a messenger: read what its webhook tells, fetch what was sent, send an answer once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Protocol

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable

#: Keys of parts of one message are made from its own in this namespace.
_NAMESPACE: Final = uuid.UUID("6f2d7f0a-2f0b-5f0e-9a51-5d0d7a4d0c11")


class MaybeSent(ProviderUnavailable):
    """The request left and its answer was lost: the message may have arrived."""


class RecipientGone(ProviderError):
    """Nobody can be written to under this name: it is not theirs any more, or they blocked the shop."""

    code = "RECIPIENT_GONE"


class ContentGone(ProviderError):
    """What was sent cannot be fetched any more: it was taken back, or its time is over."""

    code = "CONTENT_GONE"


class What(StrEnum):
    """What a webhook tells."""

    SAID = "said"
    UNSENT = "unsent"  #: taken back by whoever wrote it; ``message_id`` says what
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    OTHER = "other"  #: nothing that a shop's conversation knows


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event of a webhook as it came, without what differs between its deliveries; ``key`` is the same in all."""

    key: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one event says. ``sender`` is the messenger's name of the person, empty when it does not tell."""

    what: What
    at: datetime
    sender: str = ""
    message_id: str = ""
    text: str = ""
    content: Content | None = None
    #: What the messenger lets us answer with, as ``Outgoing.reply_with`` wants it back.
    reply_with: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Something that has to be fetched: a picture, a file, a recording."""

    reference: str
    name: str
    url: str = ""  #: where it lies when it does not lie with the messenger


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of it, and what the messenger says that they are."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the messenger tells of a person; empty where it does not."""

    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that whoever has the address can open for long enough."""

    name: str
    content_type: str
    size_bytes: int
    url: str
    thumbnail_url: str = ""
    caption: str = ""  #: name and size in the recipient's language, for a messenger that takes no such file
    until: str = ""  #: in a sentence, how long the address can be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One answer to one person. ``key`` is the same for every try."""

    key: str
    recipient: str
    text: str
    files: Sequence[OutgoingFile] = ()
    reply_with: Mapping[str, Any] = field(default_factory=dict)

    def part_key(self, number: int) -> str:
        """The key of a part, a UUID as messengers want it; always the same for the same part."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.key}\0{number}"))


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account the credentials open, and what about it will not work."""

    name: str
    address: str  #: what people search it by
    problems: tuple[str, ...] = ()


class Messenger(Protocol):
    """An account with a messenger.

    Sending twice with one ``key`` arrives once while ``is_repeatable``; otherwise a lost answer is nobody's to repeat.
    Every method but :meth:`read` raises ProviderUnavailable when a retry may help, ProviderError when not, and
    CredentialsRejected when the shop has to look at its settings.
    """

    slug: ClassVar[str]

    def events(self, headers: Mapping[str, str], body: bytes) -> Sequence[RawEvent]:
        """The events of a webhook, to be kept before anybody looks into them.

        Raises Unauthenticated for a forged webhook, InvalidInput for one that holds no list of events.
        """
        ...

    def read(self, document: Mapping[str, Any]) -> Told:
        """What an event says; raises InvalidInput that names what cannot be read."""
        ...

    def profile(self, person: str) -> Profile:
        """What is known of a person; empty when the messenger does not tell."""
        ...

    def fetch(self, content: Content, *, limit_bytes: int) -> Fetched:
        """The bytes of what was sent.

        Raises:
            ContentGone: it is not there any more, or larger than ``limit_bytes``.
        """
        ...

    def is_repeatable(self, message: Outgoing, *, at: datetime) -> bool:
        """Whether a try at ``at`` whose answer is lost may be repeated without the message arriving twice."""
        ...

    def send(self, message: Outgoing, *, at: datetime) -> str:
        """Send it; returns the messenger's reference.

        Raises:
            MaybeSent: it may have arrived.
            RecipientGone: see there.
        """
        ...

    def verify(self, *, webhook_url: str) -> Account:
        """Whose account it is, and whether webhooks would reach ``webhook_url``; "" where there is none yet."""
        ...


__all__ = [
    "Account",
    "Content",
    "ContentGone",
    "Fetched",
    "MaybeSent",
    "Messenger",
    "Outgoing",
    "OutgoingFile",
    "Profile",
    "ProviderError",
    "ProviderUnavailable",
    "RawEvent",
    "RecipientGone",
    "Told",
    "What",
]
