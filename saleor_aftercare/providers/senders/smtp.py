"""Letters by SMTP, step by step (RFC 5321): only who sees each answer knows before which of them a line broke."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import httpx
from django.core.mail.utils import DNS_NAME
from django.utils.translation import gettext as _

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers.credentials import Credential, CredentialsRejected
from saleor_aftercare.providers.mail_servers import (
    MailServer,
    as_problem,
    connect,
    secured,
    server_fields,
    server_of,
    tls_context,
    xoauth2,
)

from .base import LetterLost, LetterRefused, Posting

TIMEOUT_S: Final = 15.0


class SmtpSender:
    """A mail server that a shop has an account with."""

    slug: ClassVar[str] = "smtp"
    wants: ClassVar[tuple[Credential, ...]] = server_fields(port="465", host_help="smtp.example.com")

    def __init__(self, values: Mapping[str, str], *, access_token: str = "") -> None:
        self._server = server_of(values, access_token=access_token)
        self._smtp: Any = None

    def open(self) -> None:
        """Connect, secure and sign in."""
        if self._smtp is not None:
            return
        smtp = _Client(self._server)
        try:
            smtp.begin()
        except (OSError, smtplib.SMTPException, ValueError, httpx.ConnectError, outside.Forbidden) as error:
            smtp.abandon()
            raise _not_let_in(error, self._server) from error
        self._smtp = smtp

    def post(self, posting: Posting) -> str:
        """See the protocol."""
        self.open()
        post_over(self._smtp, sender=posting.sender, recipients=posting.recipients, raw=posting.raw)
        return ""

    def is_alive(self) -> bool:
        """Ask with NOOP."""
        return answers(self._smtp)

    def close(self) -> None:
        """Say good-bye, if anybody listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.abandon()

    def verify(self, sender: str) -> None:
        """Sign in and name the sender, then take it back."""
        self.close()
        self.open()
        try:
            code, text = self._smtp.mail(sender)
            self._smtp.rset()
        except (OSError, smtplib.SMTPException) as error:
            raise ProviderUnavailable(_hung_up(error)) from error
        finally:
            self.close()
        if not 200 <= code < 300:
            message = _("The mail server does not take letters from this address (%(said)s).")
            raise CredentialsRejected(message % {"said": said(code, text)}, "address")


class _Client(smtplib.SMTP):
    """smtplib's client over a connection that goes only where merchants' connections may go."""

    def __init__(self, server: MailServer) -> None:
        self._mail_server = server
        super().__init__(timeout=TIMEOUT_S, local_hostname=DNS_NAME.get_fqdn())

    def begin(self) -> None:
        """Connect, secure the line and sign in."""
        server = self._mail_server
        self._host = server.host
        code, text = self.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if server.security == "starttls":
            self.starttls(context=tls_context())
        self.ehlo_or_helo_if_needed()
        if server.access_token:
            self.auth("XOAUTH2", _TokenTalk(server), initial_response_ok=True)
        elif server.username:
            self.login(server.username, server.password)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        """What smtplib calls to be connected (the hook that SMTP_SSL itself uses)."""
        plain = connect(self._mail_server, timeout_s=TIMEOUT_S)
        return secured(plain, self._mail_server) if self._mail_server.security == "tls" else plain

    def abandon(self) -> None:
        """Quit, or hang up where the server is gone already."""
        try:
            self.quit()
        except (OSError, smtplib.SMTPException):
            self.close()


class _TokenTalk:
    """XOAUTH2: the token first; a challenge after it describes the refusal, and is answered with nothing."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __call__(self, challenge: bytes | None = None) -> str:
        return xoauth2(self._server) if challenge is None else ""


# -- shared with the service's own server ---------------------------------------------------------------------------


def post_over(smtp: Any, *, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
    """Hand one letter over on an open connection; raises as ``Sender.post`` says."""
    try:
        smtp.ehlo_or_helo_if_needed()
        options = [f"size={len(raw)}"] if smtp.has_extn("size") else []
        judge(smtp.mail(sender, options))
        for recipient in recipients:
            judge(smtp.rcpt(recipient))
    except (OSError, smtplib.SMTPException) as error:
        raise ProviderUnavailable(_hung_up(error)) from error
    try:
        judge(smtp.data(raw))
    except smtplib.SMTPDataError as error:
        judge((error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException) as error:
        raise LetterLost(f"The mail server hung up while taking the letter ({type(error).__name__}).") from error


def answers(smtp: Any) -> bool:
    """Whether somebody is at the other end."""
    if smtp is None:
        return False
    try:
        return bool(smtp.noop()[0] == 250)
    except (OSError, smtplib.SMTPException):
        return False


def judge(answer: tuple[int, bytes | str]) -> None:
    """Return for yes; ProviderUnavailable for "not now", LetterRefused for no."""
    code, text = answer
    if 200 <= code < 300:
        return
    if 400 <= code < 500:
        raise ProviderUnavailable(f"The mail server said {said(code, text)}: not now.")
    raise LetterRefused(f"The mail server said {said(code, text)}: no.")


def said(code: int, text: bytes | str) -> str:
    """The code with RFC 3463's at the start of the answer; the words after it often repeat the address: left out."""
    first = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).split(" ", 1)[0]
    return f"{code} {first if first.replace('.', '').isdigit() else ''}".strip()


def _hung_up(error: Exception) -> str:
    return f"The mail server hung up ({type(error).__name__})."


def _not_let_in(error: Exception, server: MailServer) -> ProviderError:
    """Why there is no connection, in words for whoever fills in the form."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if 400 <= error.smtp_code < 500:
            message = _("The mail server does not let us in at present (%(said)s).")
            return ProviderUnavailable(message % {"said": said(error.smtp_code, error.smtp_error)})
        return server.rejected(said(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if server.security == "starttls" and "STARTTLS" in str(error):
            return CredentialsRejected(_("The server offers no STARTTLS at this port."), "security")
        return CredentialsRejected(_("The server does not offer this way of signing in."), "auth")
    if isinstance(error, smtplib.SMTPResponseException):
        message = _("The mail server does not let us in (%(said)s).")
        return ProviderUnavailable(message % {"said": said(error.smtp_code, error.smtp_error)})
    return as_problem(error, server)
