"""What stands in the head of a letter; nothing that anybody typed can add a line to it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Final

from django.conf import settings

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.models import Shop

#: Longer names are cut: they are folded by some programs in ways that others cannot read.
MAX_NAME: Final = 80
MAX_SUBJECT: Final = 200

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
#: Headers that this module or the mail library writes itself.
_OURS: Final = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "sender", "return-path"}
)


def one_line(text: str, limit: int) -> str:
    """The text without line feeds and other control characters, at most ``limit`` characters.

    Invisible characters that turn the direction of writing go too: they make an address look like another.

    >>> one_line("Ada\\r\\nBcc: everyone@example.com", 80)
    'Ada Bcc: everyone@example.com'
    """
    spaced = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    plain = "".join(char for char in spaced if unicodedata.bidirectional(char) not in _TURNING)
    return " ".join(plain.split())[:limit].rstrip()


_TURNING: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def mailbox(name: str, address: str) -> str:
    """``"Name" <address>`` for a header; the address alone when there is no name.

    >>> mailbox('Ada "Countess" Example', "ada@example.com")
    '"Ada \\\\"Countess\\\\" Example" <ada@example.com>'
    """
    name = one_line(name, MAX_NAME)
    if not name:
        return address
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def sender_name(shop: Shop, shop_settings: ShopSettings) -> str:
    """Who the letters of a shop are from, for people."""
    return shop_settings.sender_name or shop.name or parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or shop.handle


def sender_address(shop_settings: ShopSettings) -> str:
    """The shop's own address, else the service's."""
    return shop_settings.sender_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def new_message_id(shop: Shop, from_address: str, *, short: bool = False) -> str:
    """A Message-ID in the sender's domain that only we can have made; see :func:`is_ours`.

    A ``short`` one fits into an address, see :func:`sorted_address`.
    """
    local = secrets.token_hex(8 if short else 16)
    domain = from_address.rpartition("@")[2] or "localhost"
    return f"<{local}.{_seal(shop, local)}@{domain.encode('idna').decode()}>"


def sorted_address(address: str, message_id: str) -> str:
    """``care+<token>@`` (RFC 5233), by which an answer is known for one to this letter; "" where it would be too long.

    The token is that of the Message-ID, which every letter answers by its head, too: some servers drop what follows a
    plus, some programs drop the head.

    >>> sorted_address("care@shop.example", "<0123456789abcdef.0123456789abcdef@shop.example>")
    'care+0123456789abcdef.0123456789abcdef@shop.example'
    """
    local, _at, domain = address.rpartition("@")
    token = message_id.strip("<>").partition("@")[0]
    sorted_local = f"{local}+{token}"
    # RFC 5321 §4.5.3.1: what servers need not take is not offered to them.
    return f"{sorted_local}@{domain}" if len(sorted_local) <= 64 else ""


def is_ours(shop: Shop, message_id: str) -> bool:
    """Whether we made this Message-ID for a letter of ``shop``: what a reply quotes proves that it was one of ours."""
    local, _dot, seal = message_id.strip().strip("<>").partition("@")[0].partition(".")
    return bool(local) and hmac.compare_digest(seal.encode(), _seal(shop, local).encode())


def _seal(shop: Shop, local: str) -> str:
    key = f"aftercare.message-id:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{shop.pk}:{local}".encode(), hashlib.sha256).hexdigest()[:16]


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Further headers, one line each; raises ValueError for a name that is none, or that is not the caller's to set."""
    for name in headers:
        if not _NAME.match(name) or name.lower() in _OURS:
            raise ValueError(f"Not a header for a caller to set: {name!r}")
    return {name: one_line(value, 2000) for name, value in headers.items()}
