"""requests, as anymail uses it, to an address that a merchant typed in: see :mod:`saleor_aftercare.core.outside`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
from requests.adapters import HTTPAdapter

from saleor_aftercare.core import outside

_PORTS = {"https": 443, "http": 80}


class PublicAdapter(HTTPAdapter):
    """Connects to public addresses only, to exactly the one that was looked at; the certificate fits the name."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Where requests asks which connection to take: the looked-at address in place of the name.

        Raises outside.Forbidden, and requests' ConnectionError for a name that nobody has.
        """
        place, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        parts = urlsplit(request.url or "")
        name = parts.hostname or ""
        try:
            address = outside.public_address(name, parts.port or _PORTS.get(parts.scheme, 443), scheme=parts.scheme)
        except httpx.ConnectError as error:
            raise requests.ConnectionError(str(error)) from None
        request.headers["Host"] = parts.netloc
        if parts.scheme == "https":
            tls |= {"server_hostname": name, "assert_hostname": name}
        return place | {"host": address}, tls


def confine(session: requests.Session) -> None:
    """Let a session go to the public Internet only, and by no proxy of the surroundings."""
    session.trust_env = False
    for scheme in _PORTS:
        session.mount(f"{scheme}://", PublicAdapter())
