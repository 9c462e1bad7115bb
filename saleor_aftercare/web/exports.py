"""Lists that staff take out of the shop, row by row as they are read: a month may have a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of, shop_by_handle
from saleor_aftercare.core import links, tokens
from saleor_aftercare.core.errors import AftercareError
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.sheets import write_rows
from saleor_aftercare.desk import canned_sheets, handled

from .files import gone


@require_safe
def handled_contacts(request: HttpRequest, token: str) -> HttpResponseBase:
    """The handled contacts of a month as CSV, for whoever has the signed link; see ``core.links.handled_contacts``."""
    try:
        handle, month, language = tokens.unsign("export.handled", token, max_age=links.PAPER_LIFETIME)
        shop = shop_by_handle(handle)
    except AftercareError as error:
        return gone(410, error.message)
    rows = _rows(shop, date.fromisoformat(month), supported_language(language))
    return _as_file(rows, f"handled-contacts-{month[:7]}.csv")


@require_safe
def canned_replies(request: HttpRequest, token: str) -> HttpResponseBase:
    """The ready-made words that somebody may use as CSV, for whoever has the signed link; see ``core.links``."""
    try:
        handle, member = tokens.unsign("export.canned", token, max_age=links.PAPER_LIFETIME)
        shop = shop_by_handle(handle)
    except AftercareError as error:
        return gone(410, error.message)
    staff = StaffMember.objects.filter(shop=shop, pk=member).first()
    if staff is None:
        return gone(410, _("This link is no longer valid."))
    return _as_file(canned_sheets.rows_of(shop, staff), "canned-replies.csv")


def _as_file(rows: Iterable[list[Any]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(write_rows(rows), content_type="text/csv; charset=utf-8")
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(shop: Shop, month: date, language: str) -> Iterator[list[Any]]:
    zone = ZoneInfo(settings_of(shop).time_zone)
    with translation.override(language):
        yield [
            _("Contact"),
            _("Conversation"),
            _("Channel"),
            _("Contacted at"),
            _("Answered at"),
            _("Answered by"),
            _("E-mail of who answered"),
            _("Team"),
            _("Counts"),
            _("Why not"),
        ]
    for row in handled.rows_of(shop, month):
        yield [
            row.pk,
            row.ticket.number,
            row.channel,
            row.contacted_at.astimezone(zone).isoformat(timespec="seconds"),
            row.answered_at.astimezone(zone).isoformat(timespec="seconds"),
            row.member.display_name,
            row.member.email,
            row.team.name if row.team is not None else "",
            0 if row.void_reason else 1,
            row.void_reason,
        ]
