"""What every answer of the portal carries, whichever view or error made it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri

COOKIE_PATH: Final = "/portal/"


def redirect(url: str) -> HttpResponse:
    """303: whatever was asked, go and GET this."""
    response = HttpResponse(status=303)
    response["Location"] = iri_to_uri(url)
    return secure(response)


def set_cookie(response: HttpResponse, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie for our own pages only, which no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=COOKIE_PATH,
        httponly=True,
        secure=settings.PUBLIC_URL.startswith("https://"),
        samesite="Lax",
    )


def secure(response: HttpResponse, *, pictures: str = "") -> HttpResponse:
    """Close the page: no frames, no search engines, no caches, no script but ours.

    ``pictures`` is a further origin that images may come from: a Saleor without https shows its own.
    The referrer policy is not ``no-referrer``, with which browsers send forms without an origin and no
    same-origin check can work; ``same-origin`` tells other sites as little.
    """
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self';"
        f" img-src 'self' blob: https: {pictures}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
