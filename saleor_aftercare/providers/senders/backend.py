"""Letters by Django's interface of mail backends: the service's own server, and the services that anymail knows."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderUnavailable

from .base import LetterLost, LetterRefused, Posting
from .public_http import confine
from .smtp import answers, post_over

#: What a service answers whose key is wrong: the letter is not at fault.
_KEYS_REFUSED = frozenset({401, 403})
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class BackendSender:
    """A backend of Django's, made when it is needed.

    ``keys`` names the field to look at when it is refused. A ``confined`` one stands at an address that a merchant
    typed in, and is reached on the public Internet only. ``headers`` are what the service wants to be told besides.
    """

    slug: ClassVar[str] = "backend"

    def __init__(
        self,
        make: Callable[[], Any],
        *,
        keys: str = "",
        confined: bool = False,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self._make = make
        self._keys = keys
        self._confined = confined
        self._headers = headers
        self.backend: Any = None

    def open(self) -> None:
        """Make the backend, and connect where it has a connection."""
        if self.backend is not None:
            return
        try:
            backend = self._make()
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
        if self._confined:
            confine(backend.session)
        self.backend = backend

    def post(self, posting: Posting) -> str:
        """See the protocol."""
        self.open()
        if isinstance(self.backend, EmailBackend):
            post_over(self.backend.connection, sender=posting.sender, recipients=posting.recipients, raw=posting.raw)
            return ""
        message = posting.message()
        message.extra_headers |= self._headers
        self._send(message)
        return _reference_of(message)

    def is_alive(self) -> bool:
        """Only SMTP has somebody at the other end."""
        return isinstance(self.backend, EmailBackend) and answers(self.backend.connection)

    def close(self) -> None:
        """Let go."""
        backend, self.backend = self.backend, None
        if backend is not None:
            _close(backend)

    def verify(self, sender: str) -> None:
        """Services have no way to ask without sending: that the backend can be made must do."""
        self.close()
        self.open()
        self.close()

    def _send(self, message: EmailMultiAlternatives) -> None:
        try:
            self.backend.send_messages([message])
        except outside.Forbidden as error:
            raise ProviderUnavailable(error.message, "api_url") from error
        except AnymailRecipientsRefused as error:
            raise LetterRefused("The mail service refused the address.") from error
        except AnymailAPIError as error:
            self._judge(error)
        except AnymailError as error:
            # Said before anything left: an address or a feature that this service does not take. Its words may hold
            # the address, so only its name is kept.
            raise LetterRefused(f"The mail service cannot send this letter ({type(error).__name__}).") from None
        except (OSError, smtplib.SMTPException) as error:
            raise LetterLost(f"The mail service hung up ({type(error).__name__}).") from error

    def _judge(self, error: AnymailAPIError) -> None:
        status = error.status_code
        if status is None and _never_connected(error):
            raise ProviderUnavailable("The mail service cannot be reached.") from error
        if status is None:
            raise LetterLost("The mail service did not answer.") from error
        if status in {408, 425, 429} or status >= 500:
            raise ProviderUnavailable(f"The mail service said {status}: not now.") from error
        if self._keys and status in _KEYS_REFUSED:
            message = _("The mail service does not accept the key (%(status)d).") % {"status": status}
            raise ProviderUnavailable(message, self._keys) from error
        raise LetterRefused(f"The mail service said {status}: no.") from error


def _close(backend: Any) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        # The server was gone before us: the line is closed, which is what was wanted.
        return


def _reference_of(message: EmailMultiAlternatives) -> str:
    """What anymail says that the service calls the message; a message to several may have several names."""
    status = getattr(message, "anymail_status", None)
    names = getattr(status, "message_id", None)
    if isinstance(names, set):
        names = next(iter(sorted(str(name) for name in names if name)), "")
    return str(names or "")[:200]


def _never_connected(error: AnymailAPIError) -> bool:
    """Whether there was not even a connection to send the letter over (anymail keeps the cause of requests)."""
    cause = error.__cause__
    inner = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    return isinstance(cause, ConnectTimeout) or isinstance(inner, NewConnectionError)
