"""What IMAP and SMTP share: where a server stands, how the line to it is secured, and what went wrong in words."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable

from .credentials import Credential, CredentialsRejected

SECURITY: Final = ("tls", "starttls", "none")
#: How we sign in: with a password, or with a token of whoever keeps the mailbox.
AUTH: Final = ("password", "google", "microsoft")


def server_fields(*, port: str, host_help: str) -> tuple[Credential, ...]:
    """What staff say about a server."""
    return (
        Credential(name="host", label=gettext_noop("Server"), help=host_help),
        Credential(name="port", label=gettext_noop("Port"), help=port),
        Credential(name="security", label=gettext_noop("Security of the connection"), choices=SECURITY),
        Credential(name="auth", label=gettext_noop("Signing in"), choices=AUTH, required=False),
        Credential(name="username", label=gettext_noop("User name"), required=False),
        Credential(name="password", label=gettext_noop("Password"), secret=True, required=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server and how we sign in there; a token takes the place of the password."""

    host: str
    port: int
    security: str
    auth: str
    username: str
    password: str = field(repr=False)
    access_token: str = field(repr=False)

    def rejected(self, said: str) -> CredentialsRejected:
        """The server knows us not."""
        if self.auth == "password":
            message = _("The server does not accept the user name or the password (%(said)s).")
            return CredentialsRejected(message % {"said": said}, "password")
        message = _("The server does not accept the sign-in; connect the mailbox again (%(said)s).")
        return CredentialsRejected(message % {"said": said}, "auth")


def check_server(values: Mapping[str, str]) -> None:
    """Raise CredentialsRejected(field) for what cannot be a server."""
    server_of(values, access_token="")


def server_of(values: Mapping[str, str], *, access_token: str) -> MailServer:
    """The server that complete values describe; raises CredentialsRejected(field)."""
    host, port = values["host"].strip().rstrip("."), values["port"]
    if not host or len(host) > 253 or any(char.isspace() or char in "/@:" for char in host):
        raise CredentialsRejected(_("This is no name of a server."), "host")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise CredentialsRejected(_("A port is a number from 1 to 65535."), "port")
    if values["security"] == "none" and not settings.OUTBOUND_PRIVATE_ADDRESSES:
        raise CredentialsRejected(_("Passwords are not sent over a line that everybody can read."), "security")
    auth = values.get("auth") or "password"
    password = values.get("password", "")
    if auth == "password" and values.get("username") and not password:
        raise CredentialsRejected(_("This field is needed."), "password")
    if auth != "password" and not values.get("username"):
        raise CredentialsRejected(_("This field is needed."), "username")
    for name in ("username", "password"):
        if any(ord(char) < 0x20 or ord(char) == 0x7F for char in values.get(name, "")):
            raise CredentialsRejected(_("There are characters here that cannot be typed."), name)
    return MailServer(
        host=host,
        port=int(port),
        security=values["security"],
        auth=auth,
        username=values.get("username", ""),
        password=password,
        access_token=access_token if auth != "password" else "",
    )


def xoauth2(server: MailServer) -> str:
    """What Google, Microsoft and Dovecot want to hear in place of a password."""
    return f"user={server.username}\x01auth=Bearer {server.access_token}\x01\x01"


# -- the line --------------------------------------------------------------------------------------------------------


def tls_context() -> ssl.SSLContext:
    """Certificates are always checked, against the authorities that this machine trusts."""
    return ssl.create_default_context()


def connect(server: MailServer, *, timeout_s: float) -> socket.socket:
    """A plain connection to a public address of the server, exactly the one that was looked at."""
    address = outside.public_address(server.host, server.port, scheme="https")
    return socket.create_connection((address, server.port), timeout_s)


def secured(plain: socket.socket, server: MailServer) -> ssl.SSLSocket:
    """The line under TLS, the certificate held against the server's name."""
    return tls_context().wrap_socket(plain, server_hostname=server.host)


def as_problem(error: Exception, server: MailServer) -> ProviderError:
    """Why a server could not be reached, and which field to look at."""
    where = {"host": server.host, "port": server.port}
    match error:
        case ProviderError():
            return CredentialsRejected(error.message, "host") if isinstance(error, outside.Forbidden) else error
        case httpx.ConnectError() | socket.gaierror():
            return ProviderUnavailable(_("There is no server called %(host)s.") % where, "host")
        case ssl.SSLCertVerificationError():
            why = {"why": error.verify_message}
            message = _("The certificate of %(host)s cannot be trusted: %(why)s.") % (where | why)
            return ProviderUnavailable(message, "host")
        case ssl.SSLError():
            message = _("%(host)s does not speak TLS at port %(port)d; another port or STARTTLS may be right.") % where
            return ProviderUnavailable(message, "security")
        case TimeoutError():
            message = _("%(host)s does not answer at port %(port)d; another port or security may be right.") % where
            return ProviderUnavailable(message, "port")
        case ConnectionRefusedError():
            return ProviderUnavailable(_("Nobody answers at port %(port)d of %(host)s.") % where, "port")
        case smtplib.SMTPServerDisconnected() | OSError():
            message = _("%(host)s hung up (%(why)s); another port or security may be right.")
            return ProviderUnavailable(message % (where | {"why": type(error).__name__}), "port")
        case _:
            return ProviderUnavailable(_("%(host)s said something that we do not understand.") % where, "host")
