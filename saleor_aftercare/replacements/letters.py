"""The letters about a replacement; each is written once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import formats, translation

from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose

from .models import Replacement


def write_placed(row: Replacement, *, status_url: str, at: datetime, **to: str) -> OutboundMessage:
    """Your replacement is being packed."""
    return _write(row, "placed", {"replacement_number": row.saleor_order_number}, status_url, at, to)


def write_payment_due(row: Replacement, *, status_url: str, at: datetime, **to: str) -> OutboundMessage:
    """Your replacement waits for the difference; where to pay it, when the shop has a page for that."""
    context = {
        "replacement_number": row.saleor_order_number,
        "amount": row.due_money.format(_language(row, to)),
        "payment_url": row.payment_url,
        "is_charge": row.purpose == "charge",
    }
    return _write(row, "payment_due", context, status_url, at, to)


def write_sold_out(row: Replacement, *, status_url: str, at: datetime, **to: str) -> OutboundMessage:
    """What you chose is sold out; one letter for each thing that was promised."""
    return _write(row, "sold_out", {}, status_url, at, to)


def write_send_back(row: Replacement, *, status_url: str, at: datetime, **to: str) -> OutboundMessage:
    """We sent the replacement in advance; please send the old goods until that day."""
    with translation.override(_language(row, to)):
        day = formats.date_format(row.back_by, "DATE_FORMAT") if row.back_by else ""
    return _write(row, "send_back", {"back_by": day}, status_url, at, to)


def _language(row: Replacement, to: dict[str, str]) -> str:
    return supported_language(to.get("language") or row.order.language)


def _write(
    row: Replacement, what: str, context: dict[str, Any], status_url: str, at: datetime, to: dict[str, str]
) -> OutboundMessage:
    """``to`` names somebody else than the one who bought: ``email``, ``name``, ``language``."""
    return letters.write(
        shop=row.shop,
        kind=f"replacements/{what}",
        key=f"replacement:{row.pk}:{row.attempt}:{what}",
        to_email=to.get("email") or row.order.email,
        to_name=to.get("name") or row.order.customer_name,
        language=to.get("language") or row.order.language,
        context={
            "number": row.case_number,
            "order_number": row.order.number,
            "status_url": status_url,
            "goods": row.goods,
            **context,
        },
        subject=(row.subject, row.subject_id),
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )
