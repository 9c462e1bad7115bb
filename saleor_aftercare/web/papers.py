"""Papers that are set when somebody opens them: nothing is stored, and every print shows the rules of the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from saleor_aftercare.connection.shop import shop_by_handle
from saleor_aftercare.core import clock, links, tokens
from saleor_aftercare.core.errors import AftercareError, InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.returns.enclosures import print_return_forms

from .files import PDF_POLICY

#: How each kind of paper is set, from what its link carries.
PAPERS: Final[Mapping[str, Callable[[Shop, Any, datetime], bytes]]] = {
    "return-forms": lambda shop, orders, at: print_return_forms(shop, orders=orders, at=at),
}


@require_safe
def paper(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The PDF of a signed link; see ``core.links.paper``."""
    try:
        if kind not in PAPERS:
            raise InvalidInput("No such paper.")
        handle, value = tokens.unsign(f"paper.{kind}", token, max_age=links.PAPER_LIFETIME)
        data = PAPERS[kind](shop_by_handle(handle), value, clock.now())
    except AftercareError as error:
        response = HttpResponse(f"{error.message}\n", status=410, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "no-store"
        return response
    response = HttpResponse(data, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=False, filename=f"{kind}.pdf")
    response["Content-Disposition"] = disposition or "inline"
    response["Content-Security-Policy"] = PDF_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
