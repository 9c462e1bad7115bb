"""Handing a letter to the mail server: three honest outcomes and one connection for many letters.

Every foreign failure becomes one of ours, and the difference that matters is kept: was the letter certainly not
taken (try again), certainly refused (give up), or is it unknown (never try again by ourselves)?
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.files import content_of

from . import headers as head
from .mime import Attached, ascii_address, build
from .models import OutboundMessage

#: A connection left alone for longer is asked whether it still lives before a letter is trusted to it.
_FRESH_S: Final = 5.0
#: Servers hang up after some minutes; we are gone before.
_STALE_S: Final = 60.0


class LetterRefused(ProviderError):
    """The mail server said no for good. The message names its code; it holds no address."""


class LetterLost(ProviderError):
    """The line broke when the letter may already have been taken."""


def hand_over(letter: OutboundMessage, files: Sequence[Attached] = ()) -> None:
    """Give one letter to the mail server that the settings name.

    Raises:
        ProviderUnavailable: it was not taken, and may be later.
        LetterRefused: it was refused for good.
        LetterLost: nobody can say.
    """
    with _line() as backend:
        if isinstance(backend, EmailBackend):
            _hand_over_by_smtp(backend, letter, files)
        else:
            _hand_over_by_backend(backend, letter, files)


def files_of(letter: OutboundMessage) -> list[Attached]:
    """The letter's attachments, loaded."""
    return [
        Attached(file.name, file.content_type.partition(";")[0], content_of(file))
        for file in letter.attachments.order_by("pk")
    ]


def hang_up() -> None:
    """Close this thread's connection, if it has one."""
    backend = getattr(_lines, "backend", None)
    _lines.backend = None
    if backend is not None:
        _close(backend)


# -- one line per thread -------------------------------------------------------------------------------------------

_lines = threading.local()


@contextmanager
def _line() -> Iterator[Any]:
    """The thread's open connection; a failure closes it, so that the next letter starts afresh."""
    idle = time.monotonic() - getattr(_lines, "used", 0.0)
    if idle > _STALE_S or (idle > _FRESH_S and not _answers()):
        hang_up()
    try:
        if getattr(_lines, "backend", None) is None:
            _lines.backend = _open()
        yield _lines.backend
    except BaseException:
        hang_up()
        raise
    _lines.used = time.monotonic()


def _answers() -> bool:
    backend = getattr(_lines, "backend", None)
    if not isinstance(backend, EmailBackend) or backend.connection is None:
        return False
    try:
        return bool(backend.connection.noop()[0] == 250)
    except (OSError, smtplib.SMTPException):
        return False


def _open() -> Any:
    try:
        backend = get_connection()
    except (ImproperlyConfigured, ImportError) as error:
        # Nothing has left: letters wait until somebody has mended the settings.
        raise ProviderUnavailable(f"EMAIL_BACKEND cannot be used ({type(error).__name__}).") from error
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        _close(backend)
        # A wrong password too is the shop's to mend, and no fault of the letter: it waits.
        code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
        raise ProviderUnavailable(f"The mail server does not let us in ({type(error).__name__}{code}).") from error
    return backend


def _close(backend: Any) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        # The server was gone before us: the line is closed, which is what was wanted.
        return


# -- SMTP ----------------------------------------------------------------------------------------------------------


def _hand_over_by_smtp(backend: EmailBackend, letter: OutboundMessage, files: Sequence[Attached]) -> None:
    """The steps of RFC 5321 one by one, to know before which of them a line broke."""
    smtp: Any = backend.connection
    data = build(letter, files)
    try:
        smtp.ehlo_or_helo_if_needed()
        options = [f"size={len(data)}"] if smtp.has_extn("size") else []
        _judge(smtp.mail(ascii_address(parseaddr(letter.from_email)[1]), options))
        _judge(smtp.rcpt(ascii_address(letter.to_email)))
    except (OSError, smtplib.SMTPException) as error:
        raise ProviderUnavailable(f"The mail server hung up ({type(error).__name__}).") from error
    try:
        _judge(smtp.data(data))
    except smtplib.SMTPDataError as error:
        _judge((error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        raise LetterLost(f"The mail server hung up while taking the letter ({type(error).__name__}).") from error


def _judge(answer: tuple[int, bytes | str]) -> None:
    code, text = answer
    if 200 <= code < 300:
        return
    said = f"{code} {_enhanced_code(text)}".strip()
    if 400 <= code < 500:
        raise ProviderUnavailable(f"The mail server said {said}: not now.")
    raise LetterRefused(f"The mail server said {said}: no.")


def _enhanced_code(text: bytes | str) -> str:
    """RFC 3463's code at the start of an answer; the words after it often repeat the address, and are left out."""
    first = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).split(" ", 1)[0]
    return first if first.replace(".", "").isdigit() else ""


# -- everything else -------------------------------------------------------------------------------------------------


def message_of(letter: OutboundMessage, files: Sequence[Attached] = ()) -> EmailMultiAlternatives:
    """The letter as Django's message, the same for every try."""
    words = letter.words()
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=letter.from_email,
        to=[head.mailbox(letter.to_name, letter.to_email)],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": letter.message_id, "Date": format_datetime(letter.created_at), **letter.headers},
    )
    if words.html:
        message.attach_alternative(words.html, "text/html")
    for file in files:
        message.attach(file.name, file.data, file.content_type)
    return message


def _hand_over_by_backend(backend: Any, letter: OutboundMessage, files: Sequence[Attached]) -> None:
    """By Django's interface: anymail's services, the console, a test's list."""
    try:
        backend.send_messages([message_of(letter, files)])
    except AnymailRecipientsRefused as error:
        raise LetterRefused("The mail service refused the address.") from error
    except AnymailAPIError as error:
        status = error.status_code
        if status is None and _never_connected(error):
            raise ProviderUnavailable("The mail service cannot be reached.") from error
        if status is None:
            raise LetterLost("The mail service did not answer.") from error
        if status in {408, 425, 429} or status >= 500:
            raise ProviderUnavailable(f"The mail service said {status}: not now.") from error
        raise LetterRefused(f"The mail service said {status}: no.") from error
    except AnymailError as error:
        # Said before anything left: an address or a feature that this service does not take. Its words may hold
        # the address, so only its name is kept.
        raise LetterRefused(f"The mail service cannot send this letter ({type(error).__name__}).") from None
    except (OSError, smtplib.SMTPException) as error:
        raise LetterLost(f"The mail service hung up ({type(error).__name__}).") from error


def _never_connected(error: AnymailAPIError) -> bool:
    """Whether there was not even a connection to send the letter over (anymail keeps the cause of requests)."""
    cause = error.__cause__
    inner = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    return isinstance(cause, ConnectTimeout) or isinstance(inner, NewConnectionError)
