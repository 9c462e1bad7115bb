"""Signed bodies between us and a merchant's own programs: who has the secret wrote it, just now, and nobody changed it.

The header is ``Aftercare-Signature: t=1764000000,v1=<hex>``; v1 is HMAC-SHA256 with the secret over the timestamp, a
full stop and the body. The time is signed too, so that what somebody recorded is worth nothing minutes later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from .errors import Unauthenticated

HEADER: Final = "Aftercare-Signature"
#: How far the two clocks may be apart, and how long a recorded request can be sent again.
TOLERANCE: Final = timedelta(minutes=5)
_FORM: Final = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """The header's value for ``body`` sent at ``at``."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, seconds, body)}"


def check_signature(header: str, secret: str, body: bytes, *, at: datetime) -> None:
    """Return when ``header`` was made with ``secret`` for ``body`` within five minutes; raises Unauthenticated."""
    found = _FORM.fullmatch(header.strip())
    if found is None or not secret:
        raise Unauthenticated(f"The header {HEADER} must be t=<seconds>,v1=<hex>.")
    seconds = int(found[1])
    if not hmac.compare_digest(_mac(secret, seconds, body), found[2]):
        raise Unauthenticated("The signature does not fit the body.")
    if abs(at.timestamp() - seconds) > TOLERANCE.total_seconds():
        raise Unauthenticated("The signature is older than five minutes.")


def _mac(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
