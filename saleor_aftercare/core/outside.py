"""Requests to addresses that a merchant typed in: to the public Internet, and nowhere near ourselves.

The name is resolved once, every address that it has must be public, and the connection goes to the address that was
looked at: a name that answers differently the second time (DNS rebinding) gains nothing. Redirects are not followed.
``OUTBOUND_PRIVATE_ADDRESSES`` lets a developer, or a deployment that trusts its merchants, reach its own network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from .errors import InvalidInput, ProviderError

TIMEOUT: Final = httpx.Timeout(20.0, connect=5.0)
MAX_ANSWER_BYTES: Final = 15 * 1024 * 1024
_PORTS: Final = {"https": 443, "http": 80}


class Forbidden(ProviderError):
    """The address leads to where merchants' requests may not go."""

    code = "ADDRESS_FORBIDDEN"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check_url(url: str, field: str) -> str:
    """The address, as far as its text goes; raises InvalidInput(field).

    What its name resolves to is looked at when it is used.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        _port, _url = parts.port, httpx.URL(text)
    except (ValueError, httpx.InvalidURL):
        raise InvalidInput(_("Not a web address."), field) from None
    schemes = {"https", "http"} if settings.OUTBOUND_PRIVATE_ADDRESSES else {"https"}
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.fragment or len(text) > 1000:
        raise InvalidInput(_("Not a web address that begins with https://."), field)
    return text


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send ``body`` and read the whole answer.

    Raises:
        Forbidden: see there.
        httpx.HTTPError: as httpx tells apart what went wrong; ``ConnectError`` and ``ConnectTimeout`` mean that
            nothing was sent.
        ProviderError: the answer is larger than 15 MB.
    """
    with (
        httpx.Client(transport=_transport or PublicOnly(), timeout=TIMEOUT, follow_redirects=False) as http,
        http.stream("POST", url, content=body, headers=dict(headers)) as response,
    ):
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise ProviderError("The answer is larger than 15 MB.")
            parts.append(part)
        return Answer(response.status_code, dict(response.headers), b"".join(parts))


class PublicOnly(httpx.BaseTransport):
    """Connects to public addresses only, to exactly the one that was looked at."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(retries=0, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pin the connection to a checked address; the certificate is still held against the name."""
        url = request.url
        address = public_address(url.host, url.port or _PORTS.get(url.scheme, 443), scheme=url.scheme)
        host = f"[{address}]" if ":" in address else address
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=host),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return self._inner.handle_request(pinned)

    def close(self) -> None:
        """Let the connections go."""
        self._inner.close()


def public_address(host: str, port: int, *, scheme: str) -> str:
    """An address of ``host``, when every one that it has is public.

    Raises Forbidden when one is not, httpx.ConnectError when it has none.
    """
    private_too = settings.OUTBOUND_PRIVATE_ADDRESSES
    if scheme != "https" and not private_too:
        raise Forbidden("The address must begin with https://.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"The name cannot be resolved ({type(error).__name__}).") from None
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not private_too and not all(is_public(address) for address in addresses):
        raise Forbidden("The address leads into a private network.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether it is an ordinary address of the public Internet.

    >>> is_public("203.0.113.7"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("1.1.1.1")
    (False, False, False, True)
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inside is not None:
            return is_public(str(inside))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_transport: httpx.BaseTransport | None = None


@contextmanager
def using_transport(transport: httpx.BaseTransport) -> Iterator[None]:
    """Send such requests through ``transport`` for a while: a recorder, or a merchant's program in process."""
    global _transport  # noqa: PLW0603
    before, _transport = _transport, transport
    try:
        yield
    finally:
        _transport = before
