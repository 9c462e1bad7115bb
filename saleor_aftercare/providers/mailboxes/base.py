"""What Aftercare asks of a mailbox that has to be asked: every mail, and none twice if it can be helped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, runtime_checkable

#: How much of a mail is fetched: what is larger is cut off there, and stays whole where it is.
MAX_MAIL_BYTES: Final = 40 * 1024 * 1024

#: How far a mailbox has been read, in JSON; only its adapter knows what it means. Empty: not at all.
Cursor = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some mails, oldest first, and the cursor to keep in the transaction that keeps them."""

    mails: tuple[bytes, ...]
    cursor: Cursor
    marks: tuple[Any, ...] = ()  #: what the adapter knows these mails by


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at a mailbox showed; for whoever fills in the form."""

    folders: tuple[str, ...]
    messages: int  #: in the chosen folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a mail service says of one letter to one address."""

    reference: str  #: the service's name for the letter, or our Message-ID
    recipient: str  #: "" where it does not say
    event: str  #: "bounced" or "complained"
    permanent: bool = False
    said: str = ""  #: RFC 3463's code where there is one: other words may name people


@runtime_checkable
class Mailbox(Protocol):
    """A mailbox somewhere else.

    Everything raises CredentialsRejected(field) for what only people can mend, ProviderUnavailable for what may pass.
    """

    def batches(self, cursor: Cursor, *, since: datetime) -> Iterator[Batch]:
        """What came after ``cursor``, in batches that fit into memory; one without mails when only the cursor moves.

        Where the cursor is empty, or is worth nothing any more, everything from ``since`` on: mails may then come a
        second time, byte for byte as before. Nothing changes in the mailbox.
        """
        ...

    def finish(self, batch: Batch) -> None:
        """The batch is kept safely: mark or move its mails as the account wants it. Doing so twice does no harm."""
        ...

    def verify(self) -> Findings:
        """Sign in and look, changing nothing."""
        ...

    def close(self) -> None:
        """Hang up; never raises."""
        ...
