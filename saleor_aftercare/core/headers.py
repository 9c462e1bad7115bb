"""What a view may say about the security headers of its own response; the host's middleware writes them.

Every page starts from the strictest policy. A view opens exactly what it needs::

    return allow_frames(response, "https://shop.example")       # a Dashboard may show this page in its frame
"""

from typing import TypeVar

from django.http import HttpResponseBase

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
