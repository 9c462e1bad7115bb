"""Handing a letter to the server or service that takes it: one connection for many letters.

What the outcomes mean stands at the protocol, :mod:`saleor_aftercare.providers.senders.base`.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from typing import Final

from django.core.mail import EmailMultiAlternatives, get_connection

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.files import content_of
from saleor_aftercare.providers.senders.backend import BackendSender
from saleor_aftercare.providers.senders.base import LetterLost, LetterRefused, Posting, Sender

from . import headers as head
from .accounts import keeper
from .mime import Attached, ascii_address, build
from .models import OutboundMessage

#: A connection left alone for longer is asked whether it still lives before a letter is trusted to it.
_FRESH_S: Final = 5.0
#: Servers hang up after some minutes; we are gone before.
_STALE_S: Final = 60.0
#: Connections that one thread keeps: a shop rarely writes from more mailboxes at once.
_MOST_LINES: Final = 4


def hand_over(letter: OutboundMessage, files: Sequence[Attached] = ()) -> str:
    """Give one letter to its account, or to the mail server that the settings name; returns the service's name for it.

    Raises:
        ProviderUnavailable: it was not taken, and may be later.
        LetterRefused: it was refused for good.
        LetterLost: nobody can say.
    """
    with _line(letter.account) as sender:
        return sender.post(
            Posting(
                sender=_return_path(letter),
                recipients=tuple(ascii_address(one) for one in (letter.to_email, *letter.cc)),
                raw=build(letter, files),
                message=lambda: message_of(letter, files),
            )
        )


def _return_path(letter: OutboundMessage) -> str:
    """Where failures are reported to; nowhere for answers that no person wrote (RFC 3834 §3.3), for reports loop."""
    if letter.headers.get("Auto-Submitted", "").startswith("auto-replied"):
        return ""
    return ascii_address(parseaddr(letter.from_email)[1])


def files_of(letter: OutboundMessage) -> list[Attached]:
    """The letter's attachments, loaded."""
    return [
        Attached(file.name, file.content_type.partition(";")[0], content_of(file))
        for file in letter.attachments.order_by("pk")
    ]


def message_of(letter: OutboundMessage, files: Sequence[Attached] = ()) -> EmailMultiAlternatives:
    """The letter as Django's message, the same for every try."""
    words = letter.words()
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=letter.from_email,
        to=[head.mailbox(letter.to_name, ascii_address(letter.to_email))],
        cc=letter.cc,
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": letter.message_id, "Date": format_datetime(letter.created_at), **letter.headers},
    )
    if words.html:
        message.attach_alternative(words.html, "text/html")
    for file in files:
        message.attach(file.name, file.data, file.content_type)
    return message


# -- lines kept by each thread ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    sender: Sender
    state: Hashable  #: of the account when the line was opened
    used: float  #: monotonic seconds


class _Lines(threading.local):
    """A thread's open connections by account, the one used last at the end; None: the service's own."""

    def __init__(self) -> None:
        self.open: OrderedDict[int | None, _Line] = OrderedDict()


_lines = _Lines()


def hang_up() -> None:
    """Close this thread's connections."""
    while _lines.open:
        _lines.open.popitem()[1].sender.close()


@contextmanager
def _line(account: int | None) -> Iterator[Sender]:
    """The thread's open connection for an account; a failure closes it, so that the next letter starts afresh."""
    state = keeper().state(account) if account is not None else None
    line = _lines.open.pop(account, None)
    if line is not None and (line.state != state or not _usable(line)):
        line.sender.close()
        line = None
    if line is None:
        line = _Line(_opened(account), state, 0.0)
    try:
        yield line.sender
    except BaseException:
        line.sender.close()
        raise
    line.used = time.monotonic()
    _lines.open[account] = line
    while len(_lines.open) > _MOST_LINES:
        _lines.open.popitem(last=False)[1].sender.close()


def _usable(line: _Line) -> bool:
    idle = time.monotonic() - line.used
    return idle <= _STALE_S and (idle <= _FRESH_S or line.sender.is_alive())


def _opened(account: int | None) -> Sender:
    """A new connection; whatever is wrong with a server or an account, the letter is not at fault and waits."""
    sender: Sender
    try:
        sender = BackendSender(get_connection) if account is None else keeper().sender(account)
        sender.open()
    except ProviderUnavailable:
        raise
    except ProviderError as error:
        raise ProviderUnavailable(error.message, error.field) from error
    return sender


__all__ = ["Attached", "LetterLost", "LetterRefused", "files_of", "hand_over", "hang_up", "message_of"]
