"""The Dashboard's frames: shells that load the app or a widget, and that only the shop's own Dashboard may show."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.bundle import APP, NotBuiltError, entry
from saleor_aftercare.core.headers import allow_frames

WIDGET: Final = "src/app/widget.tsx"


@require_safe
@xframe_options_exempt
def app(request: HttpRequest) -> HttpResponse:
    """The inbox and all other full pages, and the pop-up."""
    return _shell(request, APP)


@require_safe
@xframe_options_exempt
def widget(request: HttpRequest) -> HttpResponse:
    """A card among the Dashboard's own."""
    return _shell(request, WIDGET)


def _shell(request: HttpRequest, source: str) -> HttpResponse:
    try:
        response = render(request, "aftercare/web/frame.html", {"entry": entry(source)})
    except NotBuiltError:
        response = render(request, "aftercare/web/not_built.html", status=503)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Accept-Language",))
    return allow_frames(response, *dashboards_of(request.GET.get("saleorApiUrl", "")))


def dashboards_of(api_url: str) -> tuple[str, ...]:
    """The origins of a connected shop's Dashboard and of its Saleor, which may serve one; () for any other shop.

    Read at each request: a Dashboard that moved is let in as soon as the settings name it.
    """
    if not api_url or len(api_url) > 500:
        return ()
    settings = ShopSettings.objects.filter(shop__saleor_api_url=api_url, shop__disconnected_at=None).first()
    if settings is None:
        return ()
    origins = [_origin(settings.dashboard_url), _origin(api_url)]
    return tuple(dict.fromkeys(one for one in origins if one))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
