"""Tokens that we hand out: signed ones that carry their meaning, and random ones of which only the hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from .errors import InvalidInput


def sign(purpose: str, value: Any) -> str:
    """A URL-safe token for ``value`` (JSON), good for one ``purpose`` only; it can be read, not forged."""
    return signing.dumps(value, salt=f"aftercare.{purpose}", compress=True)


def unsign(purpose: str, token: str, *, max_age: timedelta | None, field: str = "token") -> Any:
    """The value of a token from :func:`sign`; raises InvalidInput when forged, for another purpose or too old."""
    try:
        return signing.loads(token, salt=f"aftercare.{purpose}", max_age=max_age)
    except signing.SignatureExpired:
        raise InvalidInput(_("This link has expired."), field) from None
    except signing.BadSignature:
        raise InvalidInput(_("This link is not valid."), field) from None


def random_token(prefix: str = "") -> str:
    """192 random bits, URL-safe."""
    return prefix + secrets.token_urlsafe(24)


def random_code(digits: int = 6) -> str:
    """A numeric one-time code."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def digest(token: str) -> str:
    """What we keep of a random token: SHA-256 in hex. Not for codes short enough to be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())
