"""What Aftercare asks of whoever takes its letters: three honest outcomes.

Every foreign failure becomes one of ours, and the difference that matters is kept: was the letter certainly not
taken (try again), certainly refused (give up), or is it unknown (never try again by ourselves)?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from django.core.mail import EmailMultiAlternatives

from saleor_aftercare.core.errors import ProviderError


class LetterRefused(ProviderError):
    """The mail server said no for good. The message names its code; it holds no address."""


class LetterLost(ProviderError):
    """The line broke when the letter may already have been taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One letter to be handed over.

    ``sender`` is where reports of failure go (RFC 5321's reverse path), "" for a letter that wants none. A server
    takes ``raw``, the whole message with CRLF line ends; a service's API takes ``message``, which is made when it is
    asked for.
    """

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: Callable[[], EmailMultiAlternatives]


@runtime_checkable
class Sender(Protocol):
    """Takes letters, many over one connection.

    ``open`` and ``post`` raise ProviderUnavailable when nothing was taken and a retry may help; a server that lets
    nobody in is such a failure, for the letter is not at fault: CredentialsRejected names the field where it is known.
    """

    def open(self) -> None:
        """Connect and sign in, where there is a connection; does nothing when it is open."""
        ...

    def post(self, posting: Posting) -> str:
        """Hand one letter over; returns what the service calls it, or "".

        Raises:
            ProviderUnavailable: it was not taken, and may be later.
            LetterRefused: it was refused for good.
            LetterLost: nobody can say.
        """
        ...

    def is_alive(self) -> bool:
        """Whether a connection left alone for a while still answers; False where there is none."""
        ...

    def close(self) -> None:
        """Let the connection go; never raises."""
        ...

    def verify(self, sender: str) -> None:
        """See whether letters from ``sender`` would be taken; nothing is sent. Raises what ``open`` raises."""
        ...
