"""Signing in to Google's and Microsoft's mailboxes without a password (RFC 6749 with PKCE, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable

from .credentials import Credential, CredentialsRejected

_OWN_CLIENT: Final = (
    Credential(
        name="client_id",
        label=gettext_noop("Client ID"),
        required=False,
        help=gettext_noop("Empty: that of this server"),
    ),
    Credential(name="client_secret", label=gettext_noop("Client secret"), secret=True, required=False),
)
#: What an account may say about whoever keeps its mailbox: slug, name, fields.
OAUTH_FIELDS: Final = (
    ("google", "Google", _OWN_CLIENT),
    (
        "microsoft",
        "Microsoft",
        (
            *_OWN_CLIENT,
            Credential(name="tenant", label=gettext_noop("Tenant"), required=False, help="common"),
        ),
    ),
)
#: Whether what is written to ``name+anything@`` arrives.
SORTING: Final = (
    Credential(
        name="plus", label=gettext_noop("Mails to name+anything@… arrive here"), required=False, choices=("yes", "no")
    ),
)

#: Tokens are renewed this long before they end: a poll or a letter may take a while.
EARLY: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What whoever keeps the mailbox gave us; ``refresh`` is "" where the one that we had stays good."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime

    def is_fresh(self, *, at: datetime) -> bool:
        """Whether it is good for what begins now."""
        return bool(self.access) and self.expires_at - EARLY > at


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Whoever keeps mailboxes and gives out tokens, with the client that we are to them."""

    slug: str
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    client_id: str
    client_secret: str = field(repr=False)
    extra: Mapping[str, str] = field(default_factory=dict)

    def consent_url(self, *, redirect_uri: str, state: str, verifier: str, address: str) -> str:
        """Where somebody says yes; ``verifier`` proves later that it was we who asked."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": address,
            **self.extra,
        }
        return f"{self.authorize_url}?{urlencode(query)}"

    def redeem(self, code: str, *, redirect_uri: str, verifier: str, at: datetime) -> Tokens:
        """Tokens for the code that came back; raises as :meth:`renew` does."""
        tokens = self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            },
            at=at,
        )
        if not tokens.refresh:
            raise CredentialsRejected(_("The sign-in ends within the hour; please allow access for longer."), "auth")
        return tokens

    def renew(self, refresh_token: str, *, at: datetime) -> Tokens:
        """Fresh tokens.

        Raises:
            CredentialsRejected: the consent was taken back, or has run out: somebody has to connect again.
            ProviderUnavailable: it may work later.
        """
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token}, at=at)

    def _ask(self, form: Mapping[str, str], *, at: datetime) -> Tokens:
        whole = {"client_id": self.client_id, "client_secret": self.client_secret, **form}
        body = urlencode({name: value for name, value in whole.items() if value}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            answer = outside.post(self.token_url, body, headers)
        except httpx.HTTPError as error:
            message = _("The sign-in service cannot be reached (%(why)s).")
            raise ProviderUnavailable(message % {"why": type(error).__name__}) from None
        data = _json(answer.body)
        if answer.status == 429 or answer.status >= 500:
            raise ProviderUnavailable(_("The sign-in service is busy (%(status)d).") % {"status": answer.status})
        if answer.status != 200:
            raise CredentialsRejected(_refusal(str(data.get("error", ""))), "auth")
        return _tokens(data, at=at)


def authority(slug: str, values: Mapping[str, str]) -> Authority:
    """Who keeps the mailboxes of ``slug``, with the shop's own client, or this server's.

    Raises:
        CredentialsRejected: there is no client, or an unusable tenant.
        ProviderError: nobody goes by that slug.
    """
    own = (values.get("client_id", ""), values.get("client_secret", ""))
    client_id, client_secret = own if own[0] else settings.OAUTH_CLIENTS.get(slug, ("", ""))
    if not client_id:
        raise CredentialsRejected(_("Enter the client that you registered there; this server has none."), "client_id")
    if slug == "google":
        return Authority(
            slug=slug,
            authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
            token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
            scopes=("https://mail.google.com/",),
            client_id=client_id,
            client_secret=client_secret,
            # Without both, Google gives a refresh token only the first time.
            extra={"access_type": "offline", "prompt": "consent"},
        )
    if slug == "microsoft":
        tenant = values.get("tenant") or "common"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,127}", tenant):
            raise CredentialsRejected(_("This is no name of a tenant."), "tenant")
        root = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
        return Authority(
            slug=slug,
            authorize_url=f"{root}/authorize",
            token_url=f"{root}/token",
            scopes=(
                "offline_access",
                "https://outlook.office.com/IMAP.AccessAsUser.All",
                "https://outlook.office.com/SMTP.Send",
            ),
            client_id=client_id,
            client_secret=client_secret,
            extra={"prompt": "select_account"},
        )
    raise ProviderError(f"Nobody called {slug!r} keeps mailboxes", "auth")


def _json(body: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def _tokens(data: Mapping[str, Any], *, at: datetime) -> Tokens:
    access, refresh, seconds = data.get("access_token"), data.get("refresh_token", ""), data.get("expires_in", 3600)
    if not isinstance(access, str) or not access or not isinstance(refresh, str):
        raise ProviderUnavailable(_("The sign-in service sent something that we do not understand."))
    lasts = int(seconds) if str(seconds).isascii() and str(seconds).isdigit() else 3600
    return Tokens(access, refresh, at + timedelta(seconds=min(lasts, 86400)))


def _refusal(code: str) -> str:
    if code == "invalid_grant":
        return _("The mailbox was disconnected, or the sign-in has run out; please connect it again.")
    if code in {"invalid_client", "unauthorized_client"}:
        return _("The sign-in service does not accept the client ID or its secret.")
    shown = code if re.fullmatch(r"[a-z_]{1,40}", code) else "?"
    return _("The sign-in service refused (%(code)s).") % {"code": shown}
