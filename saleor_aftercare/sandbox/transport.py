"""The practice shop in process: an httpx transport, so that a client's calls reach it without a network."""

from __future__ import annotations

import httpx

from .api import answer
from .store import PracticeShop


class PracticeTransport(httpx.BaseTransport):
    """Answers calls to the shop's origin; anything else is a connection error.

    Faults of ``shop.faults`` take effect here: ``timeout`` and ``lost`` raise httpx.ReadTimeout, the latter after the
    shop did what was asked.
    """

    def __init__(self, shop: PracticeShop) -> None:
        self.shop = shop
        self.calls: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Serve one request."""
        self.calls.append(request)
        origin = self.shop.api_url.removesuffix("/graphql/")
        url = request.url
        if f"{url.scheme}://{url.netloc.decode()}" != origin:
            raise httpx.ConnectError(f"Nothing listens at {url.host}", request=request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = answer(self.shop, request.method, url.path, headers, request.read())
        if reply.fault in {"timeout", "lost"}:
            raise httpx.ReadTimeout("The practice shop lost the answer", request=request)
        return httpx.Response(
            reply.status,
            content=reply.body,
            headers={"Content-Type": reply.content_type},
            request=request,
        )
