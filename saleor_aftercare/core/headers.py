"""Headers: what a view may say about the security of its own response, and who a request comes from.

The host's middleware writes the security headers.

Every page starts from the strictest policy. A view opens exactly what it needs::

    return allow_frames(response, "https://shop.example")       # a Dashboard may show this page in its frame
"""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)

ATTRIBUTE = "aftercare_frame_ancestors"


def allow_frames(response: R, *origins: str) -> R:
    """Let pages of these origins (``https://host[:port]``) show the response in a frame; without any, nobody may.

    Raises:
        ValueError: an origin that is none, and could smuggle another directive into the header.
    """
    for origin in origins:
        if not origin.startswith(("https://", "http://")) or any(c in origin[8:] for c in " ;,/?#'\"\r\n"):
            raise ValueError(f"Not an origin: {origin!r}")
    setattr(response, ATTRIBUTE, origins)
    return response


def frame_ancestors(response: HttpResponseBase) -> tuple[str, ...]:
    """Return the origins that ``allow_frames`` let in."""
    origins: tuple[str, ...] = getattr(response, ATTRIBUTE, ())
    return origins


def client_ip(request: HttpRequest) -> str:
    """Who asks, for rate limits. Behind a proxy that ends TLS: the address which that proxy saw, its header's last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))
