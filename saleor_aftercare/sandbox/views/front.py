"""The front page, Saleor's API, pictures and stylesheets."""

from __future__ import annotations

import mimetypes
import time
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from saleor_aftercare.sandbox import api, pictures
from saleor_aftercare.sandbox.current import current

from .look import show

STATIC = Path(__file__).resolve().parent.parent / "static"
#: How long a call is kept waiting that shall time out: longer than any client of ours waits.
SILENCE_S = 30
MAX_PICTURE = 1024


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Say what this is, and lead everywhere."""
    users = current().shop.state.users
    return show(
        request,
        "front.html",
        crew=[u for u in users if u.is_staff],
        customers=[u for u in users if not u.is_staff],
    )


@csrf_exempt
def saleor(request: HttpRequest) -> HttpResponse:
    """The API and the key set, with what is broken on purpose."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if request.method == "OPTIONS":
        return _cors(request, HttpResponse())
    answer = api.answer(current().shop, request.method or "GET", request.path, headers, request.body)
    if answer.fault in {"timeout", "lost"}:
        time.sleep(SILENCE_S)
        return HttpResponse(status=504)
    return _cors(request, HttpResponse(answer.body, status=answer.status, content_type=answer.content_type))


def _cors(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Saleor's default: every origin may ask."""
    if "Origin" in request.headers:
        response["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response["Access-Control-Allow-Headers"] = "Authorization, Authorization-Bearer, Content-Type"
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    return response


@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The drawing of a product."""
    size = request.GET.get("size", "256")
    pixels = min(int(size), MAX_PICTURE) if size.isdigit() and int(size) else 256
    drawn = pictures.draw(slug, pixels)
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def asset(_request: HttpRequest, name: str) -> FileResponse:
    """A stylesheet or script of these pages."""
    path = (STATIC / name).resolve()
    if path.parent != STATIC or not path.is_file():
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(path.open("rb"), content_type=kind)


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Alive."""
    return JsonResponse({"ok": True})
