"""The logo that Saleor's Dashboard shows, and what we say about privacy."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

LOGO: Final = Path(__file__).parent / "logo.png"


@require_safe
def logo(_request: HttpRequest) -> HttpResponse:
    """The picture that the manifest names; Saleor fetches it at every installation."""
    response = HttpResponse(_logo(), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@functools.cache
def _logo() -> bytes:
    return LOGO.read_bytes()


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which personal data the app holds, why, and how it goes away; the Dashboard links to it."""
    return render(request, "aftercare/web/privacy.html")
