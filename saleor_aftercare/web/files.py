"""Stored files behind signed addresses: photos, attachments, labels, slips."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from saleor_aftercare.core import files
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import StoredFile

#: Kinds that a browser shows by itself and that cannot act: everything else is saved to disk.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
#: Whatever the bytes may be taken for, they load nothing, run nothing and belong to no origin.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
#: A browser's own PDF viewer does not start in a sandbox; it is one itself.
PDF_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
#: As long as an address holds.
MAX_AGE: Final = int(files.URL_LIFETIME.total_seconds())


@require_safe
@xframe_options_exempt
def stored_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The file of a signed address, or its preview; the token alone decides which."""
    try:
        file, preview = files.open_signed(token)
        return _answer(file, preview=preview)
    except InvalidInput as error:
        return gone(410, error.message)
    except NotFound as error:
        return gone(404, error.message)


def _answer(file: StoredFile, *, preview: bool) -> HttpResponse:
    data = files.thumbnail_of(file) if preview else files.content_of(file)
    kind = "image/jpeg" if preview else file.content_type
    response = HttpResponse(data, content_type=kind)
    disposition = content_disposition_header(as_attachment=kind not in SHOWN, filename=file.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = PDF_POLICY if kind == "application/pdf" else POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = f"private, max-age={MAX_AGE}"
    return response


def gone(status: int, message: str) -> HttpResponse:
    """A plain sentence in place of something that is not to be had."""
    response = HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
