"""Which storefronts may call the API from a browser: those that their own shop lists, and without cookies."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.models import Shop

METHODS: Final = "POST, OPTIONS"
HEADERS: Final = "Accept-Language, Authorization, Content-Type, Saleor-Api-Url"
EXPOSED: Final = "X-Request-Id"
#: Seconds that a browser may remember a preflight: how long a storefront taken off the list keeps asking.
MAX_AGE: Final = "600"


def answer_preflight(request: HttpRequest) -> HttpResponse:
    """Answer OPTIONS. A preflight carries no header that says which shop: any shop's storefront may go on to ask."""
    response = HttpResponse(status=204)
    response["Allow"] = METHODS
    origin = foreign_origin(request)
    if origin and is_listed(origin, shop=None):
        _let_in(response, origin)
        response["Access-Control-Allow-Methods"] = METHODS
        response["Access-Control-Allow-Headers"] = HEADERS
        response["Access-Control-Max-Age"] = MAX_AGE
    patch_vary_headers(response, ("Origin",))
    return response


def let_read(response: HttpResponse, request: HttpRequest, shop: Shop | None) -> None:
    """Let the asking page read the answer if the shop lists its origin; with no known shop, if any does.

    Without a shop the answer can only be an error, which a storefront must be able to read: it fetches a fresh
    token when it sees 401.
    """
    origin = foreign_origin(request)
    if origin and is_listed(origin, shop=shop):
        _let_in(response, origin)
    patch_vary_headers(response, ("Origin",))


def foreign_origin(request: HttpRequest) -> str:
    """The origin of a page that is not ours, or empty."""
    origin = request.headers.get("Origin", "")
    return "" if origin == settings.PUBLIC_URL or len(origin) > 300 else origin


def is_listed(origin: str, *, shop: Shop | None) -> bool:
    """Whether ``shop`` lists the origin as its storefront; for None, whether any connected shop does."""
    rows = ShopSettings.objects.filter(allowed_origins__contains=[origin], shop__disconnected_at=None)
    return (rows if shop is None else rows.filter(shop=shop)).exists()


def _let_in(response: HttpResponse, origin: str) -> None:
    response["Access-Control-Allow-Origin"] = origin
    response["Access-Control-Expose-Headers"] = EXPOSED
