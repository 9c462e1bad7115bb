"""The page of a phone that scans at the warehouse. A page of its own: the Dashboard's frame gives no camera."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from saleor_aftercare.connection.shop import shop_by_handle
from saleor_aftercare.core.bundle import NotBuiltError, entry
from saleor_aftercare.core.errors import NotFound

SCAN: Final = "src/scan/main.tsx"
#: As every page's, and the reader of barcodes may run as WebAssembly; nobody may show the page in a frame.
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self';"
    " img-src 'self' data: blob: https:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
#: The camera, and nothing else that a page can ask a phone for.
PERMISSIONS: Final = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


@require_safe
def scan(request: HttpRequest, handle: str) -> HttpResponse:
    """The shell for one shop; the secret of the link stands behind the # and never gets here."""
    try:
        shop = shop_by_handle(handle)
    except NotFound:
        shop = None
    if shop is None or not shop.connected:
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")
    try:
        response = render(request, "aftercare/web/scan.html", {"entry": entry(SCAN), "shop": shop})
    except NotBuiltError:
        response = render(request, "aftercare/web/not_built.html", status=503)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = POLICY
    response["Permissions-Policy"] = PERMISSIONS
    response["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ("Accept-Language",))
    return response
